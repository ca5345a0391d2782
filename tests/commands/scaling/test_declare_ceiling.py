"""A ceiling is declared for a server that is known."""

from __future__ import annotations

import pytest

from commands.scaling.declare_ceiling import CeilingSet, DeclareCeiling
from domain.server import CeilingDeclared
from domain.shared.errors import NotFound
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region, told
from tests.kit.examples import ADOPTED, DECLARED, HUGE, LARGE, SERVER


@pytest.mark.parametrize("ceiling", [LARGE, None])
def test_the_ceiling_is_declared(region: Region, ceiling: Size | None) -> None:
    region.given((SERVER_STREAM, ADOPTED), (SERVER_STREAM, DECLARED))
    answer = region.ask(DeclareCeiling(server=SERVER, ceiling=ceiling))
    assert region.events == [(SERVER_STREAM, CeilingDeclared(was=HUGE, ceiling=ceiling))]
    assert told(answer, CeilingSet) == CeilingSet(server=SERVER, ceiling=ceiling)
    assert answer.position == 3


def test_nothing_is_recorded_where_it_stands_already(region: Region) -> None:
    region.given((SERVER_STREAM, ADOPTED), (SERVER_STREAM, DECLARED))
    answer = region.ask(DeclareCeiling(server=SERVER, ceiling=HUGE))
    assert region.events == []
    assert told(answer, CeilingSet) == CeilingSet(server=SERVER, ceiling=HUGE)
    assert answer.position == 2


def test_an_unknown_server_has_none(region: Region) -> None:
    with pytest.raises(NotFound) as refused:
        region.ask(DeclareCeiling(server=SERVER, ceiling=HUGE))
    assert vars(refused.value) == {"what": "server", "id": str(SERVER)}


def test_the_callers_reason_stands_in_the_fact(region: Region) -> None:
    region.given((SERVER_STREAM, ADOPTED))
    region.ask(DeclareCeiling(server=SERVER, ceiling=LARGE, reason="a larger licence"))
    assert region.events == [
        (SERVER_STREAM, CeilingDeclared(was=None, ceiling=LARGE, reason="a larger licence"))
    ]
