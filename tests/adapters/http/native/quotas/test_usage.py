"""What was taken over a time, as it is asked for, and by whom."""

from __future__ import annotations

import pytest

from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, OWN, Region

USAGE = f"/v1/projects/{OWN}/usage"


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    for _ in range(3):
        shared.adopted(LARGE)
    shared.adopted(project=FOREIGN)
    return shared


def test_a_projects_usage_lists_its_servers(region: Region) -> None:
    shown = region.get(f"{USAGE}?detailed=true&limit=2", as_="reader")
    usage, detail = shown.json(), shown.json()["detail"]
    assert (usage["project"], usage["servers"], len(detail["items"])) == (OWN, 3, 2)
    assert usage["vcpu_hours"] == pytest.approx(4 * usage["hours"])
    assert usage["since"] < usage["until"]
    linked = region.get(shown.headers["link"].partition(">")[0].lstrip("<")).json()["detail"]
    servers = [one["id"] for one in detail["items"] + linked["items"]]
    assert servers == [
        one["id"] for one in region.get(f"/v1/servers?project={OWN}").json()["items"]
    ]
    assert detail["items"][0]["vcpus"] == 4
    assert region.get(USAGE).json()["detail"] is None


def test_usage_depends_on_the_times_asked_for(region: Region) -> None:
    first = region.get(f"/v1/history?project={OWN}&kind=server.adopted").json()["items"][-1]["at"]
    assert region.get(f"{USAGE}?since=2020-01-01T00:00:00Z&until={first}").json()["servers"] == 0
    assert region.get(f"{USAGE}?until=2999-01-01T00:00:00Z").json()["until"] < "2999"


def test_usage_of_all_projects_is_only_for_those_who_see_all(region: Region) -> None:
    def projects(query: str, as_: str) -> list[str]:
        shown = region.get(f"/v1/usage{query}", as_=as_).json()["items"]
        return [one["project"] for one in shown]

    assert projects("", "auditor") == [OWN, FOREIGN]
    assert projects("?limit=1", "admin") == [OWN]
    assert projects("", "reader") == [OWN]
    assert projects(f"?project={FOREIGN}", "reader") == []
    assert region.get(f"/v1/projects/{FOREIGN}/usage", as_="reader").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "since=2020-01-02T00:00:00Z&until=2020-01-01T00:00:00Z",
        "since=2999-01-01T00:00:00Z",
        "since=yesterday",
        "until=0001-01-01T00:00:00Z",
        "until=2020-13-01T00:00:00Z",
        "detailed=maybe",
        "limit=0",
    ],
)
def test_an_invalid_time_for_usage_is_refused(region: Region, query: str) -> None:
    assert region.get(f"{USAGE}?{query}").status_code == 400
