"""/extensions: which of Nova's extensions there are here."""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.entering import BASE
from adapters.http.compute.gateway.faults import UNSERVED, Fault
from adapters.http.compute.gateway.microversions import OLDEST
from adapters.http.compute.gateway.parameters import LINKS, TEXT, array, obj
from adapters.http.compute.gateway.routes import route

_RULE = "os_compute_api:extensions"
_NAMESPACE = "http://docs.openstack.org/compute/ext/fake_xml"
_UPDATED = "2014-12-03T00:00:00Z"
_ZONES = (
    "1. Add availability_zone to the Create Server API.\n"
    "       2. Add availability zones describing.\n    "
)


class _Extension(NamedTuple):
    """It is there where a route at ``path`` is served."""

    alias: str
    name: str
    description: str
    path: str


_KNOWN = tuple(
    _Extension(*words)
    for words in (
        ("OS-DCF", "DiskConfig", "Disk Management Extension.", "/servers"),
        (
            *("OS-EXT-AZ", "ExtendedAvailabilityZone", "Extended Availability Zone support."),
            "/servers",
        ),
        (
            *("OS-EXT-SRV-ATTR", "ExtendedServerAttributes"),
            *("Extended Server Attributes support.", "/servers"),
        ),
        ("OS-EXT-STS", "ExtendedStatus", "Extended Status support.", "/servers"),
        (
            *("OS-FLV-DISABLED", "FlavorDisabled"),
            *("Support to show the disabled status of a flavor.", "/flavors"),
        ),
        (
            *("OS-FLV-EXT-DATA", "FlavorExtraData", "Provide additional data for flavors."),
            "/flavors",
        ),
        (
            *("OS-SCH-HNT", "SchedulerHints"),
            *("Pass arbitrary key/value pairs to the scheduler.", "/servers"),
        ),
        (
            *("OS-SRV-USG", "ServerUsage", "Adds launched_at and terminated_at on Servers."),
            "/servers",
        ),
        (
            *("os-availability-zone", "AvailabilityZone"),
            *(_ZONES, "/os-availability-zone"),
        ),
        (
            *("os-extended-quotas", "ExtendedQuotas"),
            (
                "Adds ability for admins to delete quota and optionally force the update Quota "
                "command."
            ),
            "/os-quota-sets",
        ),
        (
            *("os-flavor-access", "FlavorAccess", "Flavor access support."),
            "/flavors/{flavor:str}/os-flavor-access",
        ),
        (
            *("os-flavor-extra-specs", "FlavorExtraSpecs", "Flavors extra specs support."),
            "/flavors/{flavor:str}/os-extra_specs",
        ),
        ("os-flavor-manage", "FlavorManage", "Flavor create/delete API support.", "/flavors"),
        (
            *("os-flavor-rxtx", "FlavorRxtx", "Support to show the rxtx status of a flavor."),
            "/flavors",
        ),
        (
            *("os-flavor-swap", "FlavorSwap", "Support to show the swap status of a flavor."),
            "/flavors",
        ),
        (
            "os-hypervisors",
            "Hypervisors",
            "Admin-only hypervisor administration.",
            "/os-hypervisors",
        ),
        (
            *("os-instance-actions", "InstanceActions"),
            "View a log of actions and events taken on an instance.",
            "/servers/{server:str}/os-instance-actions",
        ),
        (
            *("os-quota-class-sets", "QuotaClasses", "Quota classes management support."),
            "/os-quota-class-sets",
        ),
        ("os-quota-sets", "Quotas", "Quotas management support.", "/os-quota-sets"),
        (
            *("os-server-group-quotas", "ServerGroupQuotas"),
            *("Adds quota support to server groups.", "/os-server-groups"),
        ),
        ("os-server-groups", "ServerGroups", "Server group support.", "/os-server-groups"),
        (
            *("os-used-limits", "UsedLimits"),
            *("Provide data on limited resources that are being used.", "/limits"),
        ),
        (
            *("os-used-limits-for-admin", "UsedLimitsForAdmin"),
            "Provide data to admin on limited resources used by other tenants.",
            "/limits",
        ),
    )
)

_SHOWN = obj(
    {
        "alias": TEXT,
        "description": TEXT,
        "links": LINKS,
        "name": TEXT,
        "namespace": TEXT,
        "updated": TEXT,
    }
)


@route(
    "GET",
    "/extensions",
    name="compute_list_extensions",
    may="see",
    answer={OLDEST: obj({"extensions": array(_SHOWN)})},
    rule=_RULE,
)
async def list_extensions(call: Call) -> Any:
    """All that are served."""
    return {"extensions": [_view(one) for one in _served(call)]}


@route(
    "GET",
    "/extensions/{alias:str}",
    name="compute_show_extension",
    may="see",
    answer={OLDEST: obj({"extension": _SHOWN})},
    rule=_RULE,
)
async def show_extension(call: Call) -> Any:
    """One of them."""
    for one in _served(call):
        if one.alias == call.path["alias"]:
            return {"extension": _view(one)}
    raise Fault(404, UNSERVED)


def _served(call: Call) -> list[_Extension]:
    paths = {route.path for route in call.request.app.routes}
    return [one for one in _KNOWN if any(path.startswith(BASE + one.path) for path in paths)]


def _view(one: _Extension) -> dict[str, Any]:
    return {
        "alias": one.alias,
        "description": one.description,
        "links": [],
        "name": one.name,
        "namespace": _NAMESPACE,
        "updated": _UPDATED,
    }
