"""A report that comes late, or again, or about something else, changes nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.command import Command
from commands.operations.end_operation import EndOperation
from tests.commands.kit.region import Ask, Region
from tests.commands.kit.standing import (
    BUILD,
    GIVE_UP,
    SECOND,
    Past,
    absent,
    at,
    flavor,
    host,
    image,
    power,
    refused,
    scale,
    standing,
    told,
)
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, SMALL

BUILDABLE: Past = (*flavor(), *image(), *host(HOST))
CROWDED: Past = standing(first=SMALL)
GOES_ON = "no room, but elsewhere"
STEPS: dict[str, tuple[Past, Command, EndOperation]] = {
    "scaled": (standing(), scale(LARGE), told(at(LARGE))),
    "not scaled": (standing(), scale(LARGE), refused()),
    "no room": (standing(), scale(LARGE), refused(no_capacity=True)),
    GOES_ON: (standing(), scale(LARGE, "migrate"), refused(no_capacity=True)),
    "not there": (standing(), scale(LARGE), absent("reconfigure")),
    "migrated": (CROWDED, scale(LARGE, "migrate"), told(at(on=SECOND), "migrate", SECOND)),
    "not migrated": (CROWDED, scale(LARGE, "migrate"), refused("migrate", SECOND)),
    "built": (BUILDABLE, BUILD, told(at(), "build")),
    "not built": (BUILDABLE, BUILD, refused("build")),
    "deleted": (standing(), DELETE, absent("delete")),
    "not deleted": (standing(), DELETE, refused("delete")),
    "stopped": (standing(), power("stopped"), told(at(power="stopped"), "stop")),
    "not stopped": (standing(), power("stopped"), refused("stop")),
}


@pytest.mark.parametrize(("past", "asked", "report"), STEPS.values(), ids=STEPS)
def test_a_repeated_report_is_not_recorded_again(
    region: Region, past: Past, asked: Command, report: EndOperation
) -> None:
    region.given(*past)
    region.ask(asked)
    region.ask_together(Ask(report), Ask(report))
    told_once = list(region.facts)
    assert len({fact.because for fact in told_once}) == 2, "one asked, and one of two told"
    region.ask(report)
    assert region.facts == told_once


@pytest.mark.parametrize(("past", "asked", "report"), STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("other", ["another operation", "another step", "another host"])
def test_a_report_about_another_step_ends_nothing(
    region: Region, past: Past, asked: Command, report: EndOperation, other: str
) -> None:
    region.given(*past)
    region.ask(asked)
    before = list(region.facts)
    match other:
        case "another operation":
            step = replace(report.step, operation=NEXT_OPERATION)
        case "another step":
            step = replace(report.step, to_host="host-9")
        case _:
            step = replace(report.step, host="host-9")
    region.ask(replace(report, step=step))
    assert region.facts == before


ENDING = {name: step for name, step in STEPS.items() if name not in {"migrated", GOES_ON}}


@pytest.mark.parametrize(("past", "asked", "report"), ENDING.values(), ids=ENDING)
def test_a_finished_operation_is_not_given_up(
    region: Region, past: Past, asked: Command, report: EndOperation
) -> None:
    region.given(*past)
    region.ask(asked)
    region.ask(report)
    before = list(region.facts)
    region.ask(GIVE_UP)
    assert region.facts == before
