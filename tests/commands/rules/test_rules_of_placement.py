"""CloudStack's rules of where a server is scaled, each by its number; see test_rules.py."""

from __future__ import annotations

import pytest

from domain.server import (
    Consent,
    Migrated,
    ScaleConfirmed,
    ScaleRequested,
)
from domain.server import StepKind as AskedFor
from domain.shared.errors import NeedsMigration, NoValidHost
from domain.shared.resources import held
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    SECOND,
    THIRD,
    at,
    events,
    held_by,
    host,
    loaded,
    refusal,
    refused,
    scale,
    standing,
    told,
    used,
)
from tests.kit.examples import HOST, LARGE, SMALL


def test_cr19_a_server_stays_where_its_host_has_room_for_the_difference(region: Region) -> None:
    region.given(*standing(first=LARGE))
    region.ask(scale(LARGE, "migrate"))
    assert (held_by(region, HOST), held_by(region, SECOND)) == (LARGE, Size(0, 0))


def test_cr20_without_room_a_server_migrates_within_its_pool_and_is_scaled_there(
    region: Region,
) -> None:
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    region.ask(told(at(LARGE, on=SECOND), host=SECOND))
    happened = [e for e in events(region) if type(e).__module__.startswith("domain.server")]
    assert [type(e) for e in happened] == [ScaleRequested, Migrated, ScaleConfirmed]


def test_cr21_without_room_in_the_pool_a_scale_is_refused(region: Region) -> None:
    region.given(*standing(first=SMALL, second=SMALL))
    assert isinstance(refusal(region, scale(LARGE, "migrate")), NoValidHost)
    assert loaded(region).power == "running"


def test_cr22_two_other_hosts_are_tried_once_each_and_only_for_lack_of_room(region: Region) -> None:
    region.given(*standing(third=LARGE), *host("host-4"))
    region.ask(scale(LARGE, "migrate"))
    tried = [HOST]
    while (operation := loaded(region).operation) is not None:
        to_host = operation.to_host
        step: AskedFor = "migrate" if to_host else "reconfigure"
        tried += [to_host] if to_host else []
        region.ask(refused(step, to_host, HOST, no_capacity=True))
    assert len(tried) == len(set(tried)) == 3
    assert used(region) == held(SMALL)


def test_cr23_a_server_migrated_and_not_scaled_has_its_old_size_there(region: Region) -> None:
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    region.ask(refused(host=SECOND))
    server = loaded(region)
    assert (server.host, server.size, used(region)) == (SECOND, SMALL, held(SMALL))
    assert (held_by(region, HOST), held_by(region, SECOND)) == (Size(0, 0), SMALL)


@pytest.mark.parametrize("consent", ["live", "restart"])
def test_cr24_a_server_is_not_migrated_without_consent(region: Region, consent: Consent) -> None:
    region.given(*standing(first=SMALL))
    assert isinstance(refusal(region, scale(LARGE, consent)), NeedsMigration)


def test_cr33_a_lack_of_room_names_no_host(region: Region) -> None:
    region.given(*standing(first=SMALL, second=SMALL, third=SMALL))
    told_why = str(refusal(region, scale(LARGE, "migrate")))
    assert not any(name in told_why for name in (HOST, SECOND, THIRD))
