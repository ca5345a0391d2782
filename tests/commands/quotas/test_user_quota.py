"""Limits of a user in a project: set, obeyed by whatever is the user's, and taken away again."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.quotas.reset_quota import ResetQuota
from commands.quotas.set_quota import QuotaSet, SetQuota
from domain.quota import QuotaChanged, QuotaClaimed, QuotaReleased, UserQuotaChanged
from domain.quota.limiting import AboveProject
from domain.shared.errors import QuotaBelowUsage, QuotaExceeded, Shortage, StaleVersion
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.commands.kit.standing import Past, at, events, limited, refusal, scale, standing
from tests.commands.kit.standing import told as reported
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    LARGE,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
)

HELD = {"instances": 1, "cores": 2, "ram": 4096}
OF_ANN = SetQuota(project=PROJECT, user="ann", limits={"cores": 3})


def changed(limits: dict[str, int], was: dict[str, int] | None = None) -> UserQuotaChanged:
    return UserQuotaChanged(project=PROJECT, user="ann", was=was or {}, limits=limits)


ANNS: Past = (
    (SERVER_STREAM, replace(ADOPTED, user="ann")),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, replace(CLAIMED_AT_ADOPTION, user="ann", used_by_user=HELD)),
)


def test_a_users_limits_are_set_beside_the_projects(region: Region) -> None:
    region.given(*limited(cores=4))
    answer = region.ask(OF_ANN)
    assert region.events == [(QUOTA_STREAM, changed({"cores": 3}))]
    assert told(answer, QuotaSet) == QuotaSet(
        project=PROJECT, limits={"cores": 3}, version=2, user="ann"
    )


def test_unnamed_user_limits_stay_and_none_follows_the_project(region: Region) -> None:
    region.given((QUOTA_STREAM, changed({"cores": 3, "ram": 9})))
    region.ask(replace(OF_ANN, limits={"cores": None, "instances": 1}))
    assert events(region) == [
        changed({"ram": 9, "instances": 1}, was={"cores": 3, "ram": 9}),
    ]
    region.ask(replace(OF_ANN, limits={"ram": None, "instances": None}))
    assert events(region)[1:] == [changed({}, was={"ram": 9, "instances": 1})]


def test_unchanged_user_limits_are_not_recorded(region: Region) -> None:
    region.given((QUOTA_STREAM, changed({"cores": 3})))
    assert told(region.ask(OF_ANN), QuotaSet).version == 1
    assert region.events == []


def test_a_users_limit_above_the_projects_is_refused(region: Region) -> None:
    region.given(*limited(cores=2))
    for limit in (3, -1):
        above = refusal(region, replace(OF_ANN, limits={"cores": limit}, force=True))
        assert isinstance(above, AboveProject)
        assert vars(above) == {"resource": "cores", "limit": limit, "most": 2}


def test_user_limits_expected_at_another_version_are_not_set(region: Region) -> None:
    region.given(*limited(cores=4))
    stale = refusal(region, replace(OF_ANN, expected=0))
    assert isinstance(stale, StaleVersion)
    region.ask(replace(OF_ANN, expected=1))


def test_a_users_limit_below_usage_is_set_only_by_force(region: Region) -> None:
    region.given(*ANNS)
    low = replace(OF_ANN, limits={"cores": 1})
    below = refusal(region, low)
    assert isinstance(below, QuotaBelowUsage)
    assert below.shortages == [
        Shortage(resource="cores", asked=0, used=2, limit=1, left=0, scope="user", node="ann")
    ]
    region.ask(replace(low, force=True))
    assert events(region) == [changed({"cores": 1})]


def test_adoption_obeys_the_users_limits(region: Region) -> None:
    region.given((QUOTA_STREAM, changed({"cores": 1})))
    short = refusal(region, replace(ADOPT, user="ann"))
    assert isinstance(short, QuotaExceeded)
    assert short.shortages == [
        Shortage(resource="cores", asked=2, used=0, limit=1, left=1, scope="user", node="ann")
    ]
    region.ask(replace(ADOPT, user="bob"))
    region.ask(replace(ADOPT, server=UUID(int=0xC)))
    _, bobs, _, _, nobodys, _ = events(region)
    assert (bobs, nobodys) == (
        replace(CLAIMED_AT_ADOPTION, user="bob", used_by_user=HELD),
        QuotaClaimed(
            project=PROJECT,
            server=UUID(int=0xC),
            amounts=HELD,
            used={"instances": 2, "cores": 4, "ram": 8192},
        ),
    )


def test_a_scale_above_a_users_limit_is_told_what_would_fit(region: Region) -> None:
    region.given(*ANNS, (QUOTA_STREAM, changed({"cores": 3})))
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert vars(short) == {
        "project": PROJECT,
        "shortages": [
            Shortage(resource="cores", asked=2, used=2, limit=3, left=1, scope="user", node="ann")
        ],
        "would_fit": replace(LARGE, vcpus=3),
    }


def test_a_scale_of_the_users_server_counts_for_the_user(region: Region) -> None:
    region.given(*standing()[:-4], *ANNS, standing()[-1])
    region.ask(scale(replace(TINY, vcpus=4)))
    region.ask(reported(at(replace(TINY, vcpus=4))))
    of_quota = [e for e in events(region) if isinstance(e, QuotaClaimed | QuotaReleased)]
    now = {"instances": 1, "cores": 4, "ram": 4096}
    then = {"instances": 1, "cores": 4, "ram": 1024}
    assert of_quota == [
        QuotaClaimed(
            project=PROJECT,
            server=SERVER,
            operation=OPERATION,
            amounts={"cores": 2},
            used=now,
            user="ann",
            used_by_user=now,
        ),
        QuotaReleased(
            project=PROJECT,
            server=SERVER,
            operation=OPERATION,
            amounts={"ram": SMALL.memory_mib - TINY.memory_mib},
            used=then,
            user="ann",
            used_by_user=then,
        ),
    ]


# Taking them away

BOBS = UserQuotaChanged(project=PROJECT, user="bob", was={}, limits={"ram": 1})
OWN = QuotaChanged(project=PROJECT, was={}, limits={"cores": 4})
GONE = changed({}, was={"cores": 3})


def test_resetting_a_user_leaves_project_and_others(region: Region) -> None:
    region.given((QUOTA_STREAM, OWN), (QUOTA_STREAM, changed({"cores": 3})), (QUOTA_STREAM, BOBS))
    answer = region.ask(ResetQuota(project=PROJECT, user="ann", reason="left"))
    assert region.events == [(QUOTA_STREAM, replace(GONE, reason="left"))]
    assert told(answer, QuotaSet) == QuotaSet(project=PROJECT, limits={}, version=4, user="ann")


def test_resetting_a_project_resets_all_its_users(region: Region) -> None:
    region.given((QUOTA_STREAM, OWN), (QUOTA_STREAM, changed({"cores": 3})), (QUOTA_STREAM, BOBS))
    answer = region.ask(ResetQuota(project=PROJECT))
    assert region.events == [
        (QUOTA_STREAM, QuotaChanged(project=PROJECT, was={"cores": 4}, limits={})),
        (QUOTA_STREAM, GONE),
        (QUOTA_STREAM, replace(BOBS, was={"ram": 1}, limits={})),
    ]
    assert told(answer, QuotaSet) == QuotaSet(project=PROJECT, limits={}, version=6)


@pytest.mark.parametrize("user", ["", "ann"])
def test_resetting_limits_that_were_never_set_records_nothing(region: Region, user: str) -> None:
    region.given(*ANNS)
    answer = region.ask(ResetQuota(project=PROJECT, user=user))
    assert region.events == []
    assert told(answer, QuotaSet).version == 1


def test_after_a_reset_the_defaults_hold_and_nothing_is_taken_away(region: Region) -> None:
    region.given(*ANNS, *limited(cores=-1))
    region.ask(ResetQuota(project=PROJECT))
    assert events(region) == [QuotaChanged(project=PROJECT, was={"cores": -1}, limits={})]
