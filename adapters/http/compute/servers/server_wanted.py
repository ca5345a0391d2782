"""Which filters of a list of servers count for a caller, and what they say.

As Nova: those who do not oversee the region may use some of them, and the others make no difference
to them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault, forbidden
from adapters.http.compute.gateway.formats import moment
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.truth import truth
from adapters.http.compute.servers.server_columns import ALIASES
from adapters.http.compute.servers.server_states import DELETED, is_status
from adapters.http.gateway.policy import oversees

Opts = dict[str, str]

JOINED = (
    *("block_device_mapping", "services", "metadata", "system_metadata", "info_cache"),
    *("security_groups", "pci_devices"),
)
"""Never a filter: told so, by whomever it is asked."""

TAGS = ("tags", "tags-any", "not-tags", "not-tags-any")

_PAGING = frozenset({"sort_key", "sort_dir", "limit", "marker"})
_FOR_ALL: tuple[tuple[V, tuple[str, ...]], ...] = (
    (
        V(2, 1),
        (
            *("reservation_id", "name", "status", "image", "flavor", "ip", "changes-since"),
            "all_tenants",
        ),
    ),
    (V(2, 5), ("ip6",)),
    (V(2, 26), TAGS),
    (V(2, 66), ("changes-before",)),
    (V(2, 73), ("locked",)),
    (
        V(2, 83),
        (
            *("availability_zone", "config_drive", "key_name", "created_at", "launched_at"),
            *("terminated_at", "power_state", "task_state", "vm_state", "progress", "user_id"),
        ),
    ),
    (V(2, 90), ("hostname",)),
)


class ServerFilters(msgspec.Struct, frozen=True, kw_only=True):
    """``statuses`` in small letters, none: whichever. ``project`` None: all of them. ``deleted``
    None: what is gone beside what is there. ``columns``: what is left, by Nova's names for it."""

    statuses: frozenset[str]
    project: str | None
    since: datetime | None
    before: datetime | None
    deleted: bool | None
    tags: Opts
    columns: Opts


def wanted(call: Call, rule: str) -> ServerFilters:
    """``rule``: what Nova's policy calls the list. Raises Fault."""
    opts = _counting(call)
    statuses = _statuses(call)
    since, before = _moment(opts, "changes-since"), _moment(opts, "changes-before")
    if since and before and before < since:
        raise Fault(400, "The value of changes-since must be less than or equal to changes-before.")
    deleted = None if since or before else False
    if "deleted" in opts:
        deleted = _leniently(opts.pop("deleted"))
    tags = {name: opts.pop(name) for name in TAGS if name in opts}
    project = _project(call, opts, rule)
    if "locked" in opts:
        opts["locked"] = str(_truth(opts["locked"]))
    return ServerFilters(
        statuses=statuses,
        project=project,
        since=since,
        before=before,
        deleted=True if statuses == {DELETED} else deleted,
        tags=tags,
        columns={ALIASES.get(name, name): value for name, value in opts.items()},
    )


def _counting(call: Call) -> Opts:
    """Raises Fault."""
    opts = {name: values[-1] for name, values in call.query.items() if name not in _PAGING}
    if not oversees(call.actor):
        allowed = {name for since, names in _FOR_ALL if call.at >= since for name in names}
        opts = {name: value for name, value in opts.items() if name in allowed}
    for name in opts:
        if name in JOINED or name.startswith("_"):
            raise Fault(400, f"Invalid filter field: {name}.")
    opts.pop("status", None)
    return opts


def _statuses(call: Call) -> frozenset[str]:
    """Raises Fault."""
    statuses = frozenset(word.lower() for word in call.query.get("status", []))
    if statuses and call.at >= V(2, 38) and not any(map(is_status, statuses)):
        raise Fault(400, "Invalid status value")
    if statuses == {DELETED} and not oversees(call.actor):
        raise Fault(403, "Only administrators may list deleted instances")
    return statuses


def _project(call: Call, opts: Opts, rule: str) -> str | None:
    """One's own, unless all are asked for. Who is of no project and sees all of them has all.
    Raises Fault."""
    every = _truth(opts.pop("all_tenants", "false") or "true")
    asked = opts.pop("project_id", None)
    asked = opts.pop("tenant_id", None) or asked
    if every and not oversees(call.actor):
        raise forbidden(f"{rule}:get_all_tenants")
    return asked if every or call.actor.home is None else call.actor.home


def _truth(word: str) -> bool:
    """Raises Fault."""
    try:
        return truth(word)
    except ValueError as e:
        raise Fault(400, f"Invalid input received: {e}") from e


def _leniently(word: str) -> bool:
    try:
        return truth(word)
    except ValueError:
        return False


def _moment(opts: Opts, name: str) -> datetime | None:
    """The schema has seen to it that it is one."""
    given = opts.pop(name, None)
    return None if given is None else moment(given)
