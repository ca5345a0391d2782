"""What to try next in a region that stays: as each of those who may come in."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from adapters.demo import access
from adapters.demo.region import DemoRegion
from adapters.demo.story.sizes import options
from adapters.demo.story.story import Told


def lines(region: DemoRegion, told: Told, ullage: str) -> list[tuple[str, list[str]]]:
    """Who it is, and what to type. ``ullage``: the program as the shell finds it."""
    project, server, to = region.project, told.server, " ".join(options(told.next))
    ada = (f"scale {server} {to} --wait", f"limits {project}", f"history --server {server}")
    more = f"quota set {project} cores=12 --reason 'a larger trial'"
    auditor = ("quota changes", f"usage {project} --detailed")

    def typed(role: str, *words: str) -> list[str]:
        return [f". {_short(region.folder / role)}.env", *(f"{ullage} {one}" for one in words)]

    return [
        (f"As Ada, a member of project {project}", typed("ada", *ada)),
        (
            "As the operator, an admin of the region",
            typed("operator", "host list", more, "token list"),
        ),
        (
            "As the auditor, who sees all projects and changes nothing",
            typed("auditor", *auditor),
        ),
        ("With OpenStack's own client, as ada, operator or auditor", _openstack(region)),
    ]


def _openstack(region: DemoRegion) -> list[str]:
    if not region.has_keystone:
        return ["(it needs a Keystone: start the demo with --keystone)"]
    file = _short(region.folder / access.CLOUDS)
    return [
        f"export OS_CLIENT_CONFIG_FILE={file}",
        "openstack --os-cloud ada server list --no-name-lookup",
        "openstack --os-cloud operator hypervisor list",
    ]


def _short(file: Path) -> str:
    """As it is typed here."""
    return shlex.quote(min(str(file), os.path.relpath(file), key=len))
