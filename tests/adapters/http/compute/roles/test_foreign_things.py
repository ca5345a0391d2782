"""Another project's things, in lists and where they are named beside the path: as if they were not
there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from adapters.tokens import SCOPED
from tests.adapters.http.compute.kit.asked import acted_on, group, hidden_flavor, wanted
from tests.adapters.http.compute.kit.asking import Asking, refused
from tests.adapters.http.compute.kit.serving import furnished
from tests.adapters.http.native.asked import ABSENT, server
from tests.kit.region import FOREIGN, OWN, Region

ROLES = sorted(SCOPED)
SERVERS = ("/servers", "/servers/detail")
USAGE = f"/os-simple-tenant-usage/{OWN}"
NEWEST = "2.104"


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    for project in (OWN, FOREIGN):
        shared.limits(project, instances=-1, cores=-1, ram=-1, server_groups=-1)
    return furnished(shared)


def ids(asking: Asking, path: str) -> set[str]:
    return {one["id"] for one in asking.shown(path)}


@pytest.mark.parametrize("path", SERVERS)
@pytest.mark.parametrize("role", ROLES)
def test_lists_of_servers_hold_those_of_the_own_project_whatever_is_asked(
    region: Region, path: str, role: str
) -> None:
    own, foreign = server(region, OWN), server(region, FOREIGN)
    for query in (
        *("", f"?project_id={FOREIGN}", f"?tenant_id={FOREIGN}", "?all_tenants=0"),
        *("?changes-since=2000-01-01T00:00:00Z", f"?uuid={foreign}", "?name=.*", "?deleted=0"),
    ):
        shown = ids(Asking(region, NEWEST, role), f"{path}{query}")
        assert own in shown
        assert foreign not in shown
    assert {own, foreign} <= ids(Asking(region, NEWEST, "admin-of-demo"), f"{path}?all_tenants=1")


@pytest.mark.parametrize("path", SERVERS)
@pytest.mark.parametrize("role", ROLES)
def test_servers_of_all_projects_are_not_for_those_of_one(
    region: Region, path: str, role: str
) -> None:
    rule = f"os_compute_api:servers:{'detail' if path.endswith('detail') else 'index'}"
    for query in ("?all_tenants=1", "?all_tenants", f"?all_tenants=1&project_id={OWN}"):
        answer = Asking(region, NEWEST, role)("GET", f"{path}{query}")
        told = f"Policy doesn't allow {rule}:get_all_tenants to be performed."
        assert refused(answer) == (403, told)


@pytest.mark.parametrize("role", ROLES)
def test_lists_of_groups_hold_those_of_the_own_project_whatever_is_asked(
    region: Region, role: str
) -> None:
    own, foreign = group(region, OWN), group(region, FOREIGN)
    path = "/os-server-groups"
    for query in ("", "?all_projects=True", f"?project_id={FOREIGN}"):
        shown = ids(Asking(region, "2.64", role), f"{path}{query}")
        assert own in shown
        assert foreign not in shown
    overseen = ids(Asking(region, "2.64", "auditor"), f"{path}?all_projects=True")
    assert {own, foreign} <= overseen


@pytest.mark.parametrize("path", ["/flavors", "/flavors/detail"])
@pytest.mark.parametrize("role", ROLES)
def test_hidden_flavors_are_in_no_list_but_that_of_those_who_oversee_them(
    region: Region, path: str, role: str
) -> None:
    hidden = hidden_flavor(region, FOREIGN)
    for query in ("", "?is_public=None", "?is_public=false", "?sort_key=is_public"):
        shown = ids(Asking(region, "2.57", role), f"{path}{query}")
        assert shown
        assert hidden not in shown
    assert hidden in ids(Asking(region, "2.57", "auditor"), f"{path}?is_public=None")


@pytest.mark.parametrize("role", ROLES)
def test_a_member_that_names_a_project_gets_no_limits(region: Region, role: str) -> None:
    told = "Policy doesn't allow os_compute_api:limits:other_project to be performed."
    for project in (OWN, FOREIGN, ABSENT):
        answer = Asking(region, "2.57", role)("GET", f"/limits?tenant_id={project}")
        assert refused(answer) == (403, told)


class Named(NamedTuple):
    """How a foreign thing is named elsewhere than as what the path is about. ``where``: method,
    path and body, from the id of an own server and that of the thing."""

    thing: Callable[[Region, str], str]
    where: Callable[[str, str], tuple[str, str, Any]]
    code: int = 400


def _request(region: Region, owner: str) -> str:
    return acted_on(region, owner)["action"]


NAMED = {
    "marker-of-servers": Named(server, lambda _, that: ("GET", f"/servers?marker={that}", None)),
    "marker-of-servers-in-detail": Named(
        server, lambda _, that: ("GET", f"/servers/detail?marker={that}", None)
    ),
    "marker-of-usage": Named(server, lambda _, that: ("GET", f"{USAGE}?marker={that}", None)),
    "marker-of-flavors": Named(
        hidden_flavor, lambda _, that: ("GET", f"/flavors?marker={that}", None)
    ),
    "marker-of-actions": Named(
        _request,
        lambda own, that: ("GET", f"/servers/{own}/os-instance-actions?marker={that}", None),
    ),
    "action-of-another-server": Named(
        _request, lambda own, that: ("GET", f"/servers/{own}/os-instance-actions/{that}", None), 404
    ),
    "flavor-of-a-new-server": Named(
        hidden_flavor, lambda _, that: ("POST", "/servers", {"server": wanted(flavorRef=that)})
    ),
    "group-of-a-new-server": Named(
        group,
        lambda _, that: (
            *("POST", "/servers"),
            {"server": wanted(), "os:scheduler_hints": {"group": that}},
        ),
    ),
    "flavor-of-a-resize": Named(
        hidden_flavor,
        lambda own, that: ("POST", f"/servers/{own}/action", {"resize": {"flavorRef": that}}),
    ),
    "flavor-of-a-scale": Named(
        hidden_flavor,
        lambda own, that: ("POST", f"/servers/{own}/action", {"scale": {"flavorRef": that}}),
    ),
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED.keys())
def test_a_foreign_thing_that_is_named_in_passing_is_refused_as_one_that_is_not_there(
    region: Region, named: Named
) -> None:
    own = server(region, OWN)
    foreign, absent = named.thing(region, FOREIGN), named.thing(region, ABSENT)
    head, asking = region.head, Asking(region, "2.100", "member")
    code, told = refused(asking(*named.where(own, foreign)))
    assert code == named.code
    assert foreign in told
    _, of_absent = refused(asking(*named.where(own, absent)))
    assert told.replace(foreign, absent) == of_absent
    assert region.head == head


@pytest.mark.parametrize("role", ["admin-of-demo", "auditor"])
def test_who_oversees_the_region_goes_on_from_any_server(region: Region, role: str) -> None:
    foreign = server(region, FOREIGN)
    for path in (f"/servers?all_tenants=1&marker={foreign}", f"{USAGE}?marker={foreign}"):
        assert Asking(region, "2.100", role)("GET", path).status_code == 200


def test_other_projects_usage_does_not_show(region: Region) -> None:
    asking = Asking(region, "2.57", "reader")
    paths = ("/limits", *(f"/os-quota-sets/{OWN}{of}" for of in ("", "/detail", "/defaults")))
    before = [asking("GET", path).text for path in paths]
    server(region, FOREIGN)
    group(region, FOREIGN)
    assert [asking("GET", path).text for path in paths] == before
