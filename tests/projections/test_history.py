"""A fact as people read it: from what, to what, why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.hosts.host import HostTermsChanged, Terms
from domain.quota import QuotaChanged
from domain.quota.quota_class import QuotaClassChanged
from domain.server import ScalableSet
from domain.shared.events import Event, kind_of
from projections.history import Entry, HistoryRow, entry
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    NOON,
    PLACED_AT_ADOPTION,
    PROJECT,
    SERVER,
    SMALL,
    confirmed,
    failed,
    partly,
    read_back,
    requested,
    unknown,
)
from tests.projections.test_lives import BUILD, MOVED, POWERED, STOP


def shown(event: Event) -> Entry:
    return entry(
        HistoryRow(
            position=7,
            at=NOON,
            by="wei",
            because=UUID(int=7),
            kind=kind_of(event),
            stream=f"server:{SERVER}",
            version=1,
            project=PROJECT,
            server=SERVER,
            body=msgspec.to_builtins(event),
        )
    )


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value)


TERMS = HostTermsChanged(host=HOST, was=Terms(), terms=Terms(zone="z"), reason="new disks")
LIMITED = QuotaChanged(project=PROJECT, was={"ram": 1}, limits={"ram": 2}, reason="grew")


@pytest.mark.parametrize(
    ("event", "was", "to", "why"),
    [
        (ADOPTED, None, SMALL, None),
        (DECLARED, None, HUGE, None),
        (requested(LARGE), SMALL, LARGE, None),
        (confirmed(LARGE), SMALL, LARGE, None),
        (partly(MIDDLE, to=LARGE), SMALL, MIDDLE, "the guest kept its CPUs"),
        (failed(LARGE), None, SMALL, "no room on the host"),
        (unknown(LARGE), SMALL, LARGE, "the host is silent"),
        (read_back(LARGE), SMALL, LARGE, None),
        (CLAIMED_AT_ADOPTION, None, CLAIMED_AT_ADOPTION.used, None),
        (LIMITED, {"ram": 1}, {"ram": 2}, "grew"),
        (QuotaClassChanged(was={}, limits={"ram": 2}), {}, {"ram": 2}, None),
        (BUILD, None, SMALL, "sale"),
        (STOP, None, None, None),
        (POWERED, "running", "stopped", None),
        (MOVED, HOST, "host-2", None),
        (ScalableSet(was=True, scalable=False, reason="frozen"), True, False, "frozen"),
        (PLACED_AT_ADOPTION, None, SMALL, None),
        (TERMS, TERMS.was, TERMS.terms, "new disks"),
    ],
    ids=lambda value: kind_of(value) if isinstance(value, Event) else "",
)
def test_history_shows_from_and_to_of_every_kind_of_fact(
    event: Event, was: object, to: object, why: str | None
) -> None:
    told = shown(event)
    assert (told.was, told.to, told.why) == (_plain(was), _plain(to), why)


def test_history_shows_the_whole_fact_and_its_kind_once() -> None:
    told = shown(requested(LARGE))
    assert told.kind == "server.scale-requested"
    assert told.body == {k: v for k, v in _plain(requested(LARGE)).items() if k != "kind"}
