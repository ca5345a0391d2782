"""Facts become stored events and come back the same; old kinds are lifted on reading."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from eventsourcing.domain import DomainEventProtocol
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.eventlog.mapper import FactMapper, StoredFact
from domain.history import AnyEvent
from domain.server import CeilingDeclared
from domain.shared.events import Event, Fact, kind_of
from domain.shared.size import Size
from tests.kit.examples import DECLARED, NOON, SERVER

KINDS: tuple[type[Event], ...] = get_args(AnyEvent)


def every(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a struct, all of its fields drawn."""
    hints = get_type_hints(kind)
    names = [field.name for field in msgspec.structs.fields(kind)]
    return st.builds(kind, **{name: _of(hints[name]) for name in names})


_WHOLE = st.integers(-(2**63), 2**63 - 1)
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
"""Without a NUL, which no fact may have."""
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: _WHOLE,
    str: _TEXT,
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    object: st.none() | st.booleans() | _WHOLE | _TEXT,  # what JSON can say
}


def _of(hint: Any) -> st.SearchStrategy[Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is dict:
        return st.dictionaries(*[_of(arg) for arg in get_args(hint)])
    if get_origin(hint) is tuple:
        return st.lists(_of(get_args(hint)[0])).map(tuple)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return every(hint)
    if type(None) in (args := get_args(hint)):
        return st.none() | _of(next(arg for arg in args if arg is not type(None)))
    return st.from_type(hint)


FACTS = st.builds(
    Fact,
    position=st.integers(1, 2**62),
    stream=st.text(),
    version=st.integers(1, 2**62),
    at=_of(datetime),
    by=st.text(),
    because=st.uuids(),
    event=st.one_of(*[every(kind) for kind in KINDS]),
)


# However busy the machine is.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(before=FACTS)
def test_every_fact_comes_back_as_it_was(before: Fact[Any]) -> None:
    mapper = FactMapper()
    assert mapper.fact(mapper.store(before)) == before
    # The library's own words for the same.
    theirs = mapper.to_stored_event(cast("DomainEventProtocol[str]", before))
    assert mapper.to_domain_event(theirs) == before


def fact(event: Event) -> Fact[Any]:
    return Fact(
        position=7,
        stream=f"server:{SERVER}",
        version=3,
        at=NOON,
        by="wei",
        because=UUID(int=9),
        event=event,
    )


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_a_body_from_before_a_field_was_added_is_read(kind: type[Event]) -> None:
    required = {f.name for f in msgspec.structs.fields(kind) if f.required}

    @unhurried
    @given(event=every(kind))
    def check(event: Event) -> None:
        body = msgspec.to_builtins(event)
        older = {name: body[name] for name in body if name in required | {"kind"}}
        read = FactMapper().event(kind_of(kind), msgspec.json.encode(older))
        assert type(read) is kind
        assert all(getattr(read, name) == getattr(event, name) for name in required)

    check()


def test_a_fact_is_stored_as_json_under_its_kind() -> None:
    assert FactMapper().store(fact(DECLARED)) == StoredFact(
        id=7,
        originator_id=f"server:{SERVER}",
        originator_version=3,
        topic="server.ceiling-declared",
        state=(
            b'{"kind":"server.ceiling-declared","was":null,'
            b'"ceiling":{"vcpus":16,"memory_mib":65536},"reason":""}'
        ),
        at=NOON,
        by="wei",
        because=UUID(int=9),
    )


def named_ceiling(body: dict[str, Any]) -> dict[str, Any]:
    """The first kind had two numbers."""
    return {
        "kind": "server.ceiling-set-2",
        "ceiling": {"vcpus": body["cpus"], "memory_mib": body["mib"]},
    }


def with_the_one_before(body: dict[str, Any]) -> dict[str, Any]:
    """The second kind did not tell what was before."""
    return {"kind": "server.ceiling-declared", "was": None, "ceiling": body["ceiling"]}


UPCASTS = {"server.ceiling-set": named_ceiling, "server.ceiling-set-2": with_the_one_before}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("server.ceiling-set", b'{"kind":"server.ceiling-set","cpus":16,"mib":65536}'),
        (
            "server.ceiling-set-2",
            b'{"kind":"server.ceiling-set-2","ceiling":{"vcpus":16,"memory_mib":65536}}',
        ),
        (
            "server.ceiling-declared",
            msgspec.json.encode(DECLARED),
        ),
    ],
)
def test_an_old_kind_is_lifted_through_every_newer_one(kind: str, body: bytes) -> None:
    assert FactMapper(UPCASTS).event(kind, body) == CeilingDeclared(
        was=None, ceiling=Size(16, 65536)
    )


def test_a_lifted_fact_keeps_its_envelope() -> None:
    old = StoredFact(
        id=7,
        originator_id=f"server:{SERVER}",
        originator_version=3,
        topic="server.ceiling-set",
        state=b'{"kind":"server.ceiling-set","cpus":16,"mib":65536}',
        at=NOON,
        by="wei",
        because=UUID(int=9),
    )
    assert FactMapper(UPCASTS).fact(old) == fact(DECLARED)


def test_an_unknown_kind_of_fact_is_named() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"server\.vanished"):
        FactMapper().event("server.vanished", b'{"kind":"server.vanished"}')


def test_an_upcast_that_leads_nowhere_is_named() -> None:
    lost = {"server.old": lambda body: body | {"kind": "server.vanished"}}
    with pytest.raises(msgspec.ValidationError, match=r"server\.vanished"):
        FactMapper(lost).event("server.old", b'{"kind":"server.old"}')


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind":"server.ceiling-declared","was":null}',
        b'{"kind":"server.ceiling-declared","was":null,"ceiling":{"vcpus":"4","memory_mib":1}}',
        b'{"was":null,"ceiling":null}',
        b"",
    ],
)
def test_a_body_that_does_not_fit_its_kind_is_not_guessed_at(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        FactMapper().event("server.ceiling-declared", body)


def test_kinds_are_explicit_and_each_means_one_event() -> None:
    kinds = [kind_of(kind) for kind in KINDS]
    assert len(set(kinds)) == len(kinds)
    assert all("." in kind and kind == kind.lower() for kind in kinds)
