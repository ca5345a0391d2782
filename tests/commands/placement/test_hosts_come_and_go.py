"""A host that the settings name no more takes nothing; one named late has what is on it."""

from __future__ import annotations

from msgspec.structs import replace

from commands.placement.enlist_host import EnlistHost, RetireHost
from commands.placement.set_host_terms import SetHostTerms
from domain.hosts.host import HostEnlisted, HostTermsChanged, Terms
from domain.hosts.pool import HostJoined, Pool
from domain.shared.errors import NoValidHost
from tests.commands.kit.region import HOST_STREAM, Region
from tests.commands.kit.standing import (
    ADOPTION,
    BUILD,
    SECOND,
    at,
    events,
    flavor,
    held_by,
    host,
    image,
    refusal,
    scale,
    told,
)
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, SMALL

BEFORE_HOSTS = ADOPTION[:-1]
"""A server of a time when no host was recorded."""
EAST = replace(EXACTLY, pool="east")


def in_pool(region: Region, name: str) -> tuple[str, ...]:
    stream = region.store.load(Pool, f"pool:{name}")
    return stream.state.hosts if stream else ()


def test_new_terms_of_a_retired_host_put_it_into_no_pool(region: Region) -> None:
    region.given(*host(HOST), *flavor(), *image())
    region.ask(RetireHost(host=HOST))
    before = len(events(region))
    for terms in (EAST, EXACTLY):
        region.ask(SetHostTerms(host=HOST, terms=terms))
    assert [type(e) for e in events(region)[before:]] == [HostTermsChanged] * 2
    assert (in_pool(region, "default"), in_pool(region, "east")) == ((), ())
    assert isinstance(refusal(region, BUILD), NoValidHost)


def test_a_host_named_again_is_in_the_pool_of_its_terms(region: Region) -> None:
    region.given(*host(HOST))
    region.ask(RetireHost(host=HOST))
    region.ask(SetHostTerms(host=HOST, terms=EAST))
    region.ask(EnlistHost(host=HOST, used=SMALL))
    assert events(region)[-1] == HostJoined(host=HOST)
    assert in_pool(region, "east") == (HOST,)


def test_a_host_enlisted_late_has_what_servers_hold_on_it(region: Region) -> None:
    region.given(*BEFORE_HOSTS)
    region.ask(scale(LARGE))
    region.ask(EnlistHost(host=HOST, used=LARGE))
    assert HostEnlisted(host=HOST, terms=Terms(), used=LARGE) in events(region)
    assert held_by(region, HOST) == LARGE
    region.ask(told(at(LARGE)))
    region.ask(scale(SMALL, operation=NEXT_OPERATION))
    region.ask(told(at(), operation=NEXT_OPERATION))
    assert held_by(region, HOST) == SMALL


def test_a_host_enlisted_again_keeps_its_own_count(region: Region) -> None:
    region.given(*host(HOST), *host(SECOND), *ADOPTION)
    region.ask(RetireHost(host=HOST))
    before = len(events(region))
    region.ask(EnlistHost(host=HOST, used=LARGE))
    assert events(region)[before:] == [HostJoined(host=HOST)]
    assert (held_by(region, HOST), region.store.of(HOST_STREAM)[0].version) == (SMALL, 1)
