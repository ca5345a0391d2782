"""The demo's people as a Keystone knows them: Ada, an operator, an auditor, and Ullage itself."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from adapters.demo.identity.genuine_keystone import GenuineKeystone
from adapters.demo.identity.keystone_process import nursing

_OURS, _SERVICES, _PROJECT = "ullage", "services", "demo"


class DemoCloud(msgspec.Struct, frozen=True, kw_only=True):
    """``project`` is the id of the people's project; ``settings`` are a region's that takes their
    tokens; ``clouds`` the entries of a clouds.yaml for each of them."""

    project: str
    settings: dict[str, str]
    clouds: dict[str, object]


@contextmanager
def running(folder: Path, api: str, say: Callable[[str], None]) -> Iterator[DemoCloud]:
    """A new one in the folder, in whose catalogue the region at ``api`` is the Compute service.

    Raises KeystoneFailed.
    """
    say("Starting Keystone")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    with nursing() as nursery:
        keystone = GenuineKeystone(folder, nursery, password=secrets.token_urlsafe(16))
        yield _peopled(keystone.prepare().start(), api)


def _peopled(keystone: GenuineKeystone, api: str) -> DemoCloud:
    services, project = keystone.project(_SERVICES), keystone.project(_PROJECT)
    keystone.grant("admin", keystone.user(_OURS), f"projects/{services}")
    keystone.member("ada", "member", project)
    keystone.member("operator", "admin", project)
    keystone.grant("reader", keystone.user("auditor"), "system")
    keystone.compute(api)
    in_project = {"project_name": _PROJECT, "project_domain_id": "default"}
    return DemoCloud(
        project=project,
        settings={
            "ULLAGE_KEYSTONE_URL": keystone.url,
            "ULLAGE_KEYSTONE_USER": _OURS,
            "ULLAGE_KEYSTONE_PASSWORD": keystone.password,
            "ULLAGE_KEYSTONE_PROJECT": _SERVICES,
        },
        clouds={
            "ada": _entry(keystone, "ada", in_project),
            "operator": _entry(keystone, "operator", in_project),
            "auditor": _entry(keystone, "auditor", {"system_scope": "all"}),
        },
    )


def _entry(keystone: GenuineKeystone, user: str, scope: dict[str, str]) -> dict[str, object]:
    who = {"username": user, "password": keystone.password, "user_domain_id": "default"}
    return {
        "auth": {"auth_url": f"{keystone.url}/v3", **who, **scope},
        "identity_api_version": "3",
        "region_name": "RegionOne",
    }
