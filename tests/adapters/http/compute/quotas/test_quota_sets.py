"""Quota sets as Nova's clients set and read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.shared.size import Size
from tests.adapters.http.compute.kit.asking import Asking, refused
from tests.kit.region import FOREIGN, OWN, Region

TWO = Size(2, 1024)
BODIES: dict[str, Any] = {"PUT": {"quota_set": {}}}


class Quota(Asking):
    """The quota of one project, a new one if no other is named."""

    def __init__(
        self, region: Region, at: str = "2.57", as_: str = "admin", project: str = ""
    ) -> None:
        super().__init__(region, at, as_)
        self.project = project or f"p-{uuid4().hex}"
        self.path = f"/os-quota-sets/{self.project}"

    def of(self, what: str = "") -> Any:
        return self.shown(f"{self.path}{what}")

    def put(self, query: str = "", **quota: Any) -> tuple[int, Any]:
        answer = self("PUT", f"{self.path}{query}", {"quota_set": quota})
        if answer.is_success:
            return answer.status_code, answer.json()["quota_set"]
        return refused(answer)

    def has(self, size: Size) -> UUID:
        return self.region.adopted(size, project=self.project)

    def last_change(self) -> dict[str, Any]:
        found = self.region.get(f"/v1/history?project={self.project}&kind=quota.changed")
        change: dict[str, Any] = found.json()["items"][0]
        return change


@pytest.fixture(name="quota")
def _quota(shared: Region) -> Quota:
    return Quota(shared)


def test_limits_are_set_as_numbers_or_as_digits_and_what_is_not_named_stays(
    quota: Quota,
) -> None:
    assert quota.put(cores=7, ram="4096")[0] == 200
    status, told = quota.put(instances="-1")
    assert (status, told["cores"], told["ram"], told["instances"]) == (200, 7, 4096, -1)
    assert told | {"id": quota.project} == quota.of()


@pytest.mark.parametrize(
    "limit", [-2, 2**31, "x", "1.5", 1.5, True, None, "", [], "-2", "2147483648"]
)
def test_an_invalid_limit_is_refused_and_nothing_is_set(quota: Quota, limit: Any) -> None:
    before = quota.of()
    status, said = quota.put(ram=1024, cores=limit)
    assert status == 400
    assert said.startswith("Invalid input for field/attribute cores. Value: ")
    assert quota.of() == before


def test_a_quota_set_is_set_by_one_fact_or_not_at_all(quota: Quota) -> None:
    quota.has(TWO)
    before = quota.region.head
    assert quota.put(instances=5, ram=8192, cores=1)[0] == 400
    assert quota.region.head == before
    assert quota.put(instances=5, ram=8192, cores=2)[0] == 200
    assert quota.region.head == before + 1


def test_a_quota_below_usage_is_refused_in_the_order_asked_unless_forced(quota: Quota) -> None:
    quota.has(TWO)
    words = "Quota limit {} must be greater than or equal to already used and reserved {}."
    assert quota.put(ram=0, cores=0) == (400, words.format("0 for ram", 1024))
    assert quota.put(cores=1, ram=0) == (400, words.format("1 for cores", 2))
    assert quota.put(cores=0, force="no")[0] == 400
    for force in (True, "true", "YES"):
        assert quota.put(cores=0, force=force)[1]["cores"] == 0
    assert quota.put(force="maybe")[0] == 400


def test_quota_details_tell_limit_in_use_and_reserved(quota: Quota) -> None:
    """``reserved`` is what an open operation holds beyond what the server has."""
    server = quota.has(TWO)
    cores = quota.of("/detail")["cores"]
    assert cores == {"limit": 20, "in_use": 2, "reserved": 0}
    quota.region.scaling(server, Size(5, 1024))
    detail = quota.of("/detail")
    assert detail["cores"] == {"limit": 20, "in_use": 2, "reserved": 3}
    assert detail["ram"]["reserved"] == 0
    assert quota.region.used(quota.project)["cores"] == 5
    words = "Quota limit 4 for cores must be greater than or equal to already used and reserved 5."
    assert quota.put(cores=4) == (400, words)


def test_a_user_has_limits_of_its_own_never_above_the_projects(quota: Quota) -> None:
    quota.put(cores=10)
    of_mia = "?user_id=mia"
    assert quota.put(of_mia, cores=4)[1]["cores"] == 4
    words = "Quota limit {} for cores must be less than or equal to 10."
    for limit in (11, -1):
        assert quota.put(of_mia, cores=limit) == (400, words.format(limit))
    assert quota.of()["cores"] == 10
    assert quota.of(f"{of_mia}") == quota.of() | {"cores": 4}
    assert quota.of(f"/detail{of_mia}")["cores"]["limit"] == 4
    quota.put(cores=3)
    assert quota.of(f"{of_mia}")["cores"] == 3


def test_a_deleted_quota_set_falls_back_to_defaults_or_the_project(quota: Quota) -> None:
    quota.put(cores=10)
    quota.put("?user_id=mia", cores=4)
    deleted = quota("DELETE", f"{quota.path}?user_id=mia")
    assert (deleted.status_code, deleted.content) == (202, b"")
    assert quota.of("?user_id=mia")["cores"] == 10
    quota.put("?user_id=mia", cores=4)
    assert quota("DELETE", quota.path).status_code == 202
    assert quota.of() == quota.of("/defaults")
    assert quota.of("?user_id=mia")["cores"] == 20
    assert quota("DELETE", quota.path).status_code == 202


def test_the_older_path_for_a_users_quota_is_there_in_2_1_only(shared: Region) -> None:
    old = Quota(shared, "2.1")
    new = Quota(shared, "2.2", project=old.project)
    new.put("?user_id=mia", cores=4)
    assert old.of("/mia")["cores"] == 4
    assert refused(new("GET", f"{new.path}/mia")) == (404, "The resource could not be found.")


def test_a_quota_change_is_in_the_history_with_who_from_and_to(quota: Quota) -> None:
    quota.put(cores=7)
    quota.put(cores=9)
    last = quota.last_change()
    assert (last["by"], last["was"], last["to"]) == ("admin", {"cores": 7}, {"cores": 9})


def test_a_request_id_is_the_cause_of_its_facts(quota: Quota) -> None:
    answer = quota("PUT", quota.path, {"quota_set": {"cores": 7}})
    last = quota.last_change()
    assert answer.headers["x-openstack-request-id"] == f"req-{last['because']}"


@pytest.mark.parametrize("what", ["", "/detail", "?user_id=mia"])
def test_another_projects_quota_is_only_for_those_who_see_all(shared: Region, what: str) -> None:
    path = f"/os-quota-sets/{FOREIGN}{what}"
    rule = "detail" if "detail" in what else "show"
    words = f"Policy doesn't allow os_compute_api:os-quota-sets:{rule} to be performed."
    for as_ in ("reader", "member"):
        assert refused(Asking(shared, as_=as_)("GET", path)) == (403, words)
    for as_ in ("admin", "auditor", "foreign-reader"):
        assert Asking(shared, as_=as_)("GET", path).status_code == 200


def test_default_quotas_are_shown_to_everybody(shared: Region) -> None:
    for as_ in ("reader", "member", "auditor", "admin"):
        shown = Asking(shared, as_=as_).shown(f"/os-quota-sets/{FOREIGN}/defaults")
        assert (shown["id"], shown["cores"]) == (FOREIGN, 20)


@pytest.mark.parametrize("as_", ["reader", "member", "auditor"])
def test_only_administrators_set_quotas(shared: Region, as_: str) -> None:
    quota = Quota(shared, as_=as_, project=OWN)
    words = "Policy doesn't allow os_compute_api:os-quota-sets:{} to be performed."
    assert quota.put(cores=1) == (403, words.format("update"))
    assert refused(quota("DELETE", quota.path)) == (403, words.format("delete"))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_queries_for_quota_sets_are_strict_from_2_75_on(shared: Region, method: str) -> None:
    body = BODIES.get(method)
    path = f"/os-quota-sets/{OWN}?foo=1"
    answered = Asking(shared, "2.74")(method, path, body)
    assert answered.status_code in {200, 202}
    words = "Additional properties are not allowed ('foo' was unexpected)"
    assert refused(Asking(shared, "2.75")(method, path, body)) == (400, words)


@pytest.mark.parametrize("project", ["no%20project", "-", "%24", "x" * 300])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_invalid_project_id_is_refused(quota: Quota, method: str, project: str) -> None:
    body = BODIES.get(method)
    status, said = refused(quota(method, f"/os-quota-sets/{project}", body))
    assert (status, said.endswith(" is not a valid project.")) == (400, True)
    # Limits of a project that is no more can be done away with, so that nobody asks whether it is.
    assert quota("DELETE", f"/os-quota-sets/{project}").status_code == 202
