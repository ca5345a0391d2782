"""Rows of a server's history become actions with their steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from projections.instance_actions import ActionOutcome, ActionStep, InstanceAction, actions
from tests.kit.examples import HOST, NOON, OPERATION, PROJECT

OTHER = "host-2"


def told(*rows: tuple[str, dict[str, Any]]) -> list[ActionOutcome]:
    """One a second, each a decision of its own."""
    return [
        ActionOutcome(
            position=position,
            at=NOON + timedelta(seconds=position),
            by="wei",
            because=UUID(int=position),
            kind=f"server.{kind}",
            project=PROJECT,
            body=body,
        )
        for position, (kind, body) in enumerate(rows, 1)
    ]


def of(**body: Any) -> dict[str, Any]:
    return {"operation": str(OPERATION), "host": HOST, **body}


def names(found: list[InstanceAction]) -> list[str]:
    return [one.name for one in found]


def test_each_request_is_an_action_the_latest_first() -> None:
    rows = told(
        ("build-requested", of()),
        ("built", of()),
        ("scale-requested", of(resize={"size": {}})),
        ("scale-confirmed", of()),
        ("scale-requested", of(resize={"size": {}}, reverts=True)),
        ("scale-confirmed", of()),
        ("resize-confirmed", {}),
        ("power-requested", of(power="stopped")),
        ("power-changed", of()),
        ("power-requested", of(power="running")),
        ("power-changed", of()),
        ("delete-requested", of()),
        ("deleted", of()),
    )
    assert names(actions(rows)) == [
        *("delete", "start", "stop", "confirmResize", "revertResize", "resize", "create"),
    ]
    assert all(one.steps[-1].result == "Success" for one in actions(rows))


def test_a_scale_with_a_migration_has_a_step_for_each_part() -> None:
    rows = told(
        ("scale-requested", of(to_host=OTHER)),
        ("migrated", of(host=OTHER)),
        ("scale-confirmed", of()),
    )
    (action,) = actions(rows)
    at = [row.at for row in rows]
    assert (action.name, action.start, action.updated, action.message) == (
        *("scale", at[0], at[2]),
        None,
    )
    assert action.steps == (
        ActionStep(
            name="compute_live_migration", start=at[0], host=HOST, finish=at[1], result="Success"
        ),
        ActionStep(
            name="compute_scale_instance", start=at[1], host=OTHER, finish=at[2], result="Success"
        ),
    )


def test_a_retried_action_that_fails_says_why() -> None:
    rows = told(
        ("scale-requested", of(to_host=OTHER)),
        ("scale-retried", of(to_host="host-3", reason="no room")),
        ("scale-failed", of(reason="none at all")),
    )
    (action,) = actions(rows)
    assert action.message == "none at all"
    assert [(step.result, step.details) for step in action.steps] == [
        ("Error", "no room"),
        ("Error", "none at all"),
    ]


def test_an_open_action_has_no_end() -> None:
    (action,) = actions(told(("power-requested", of(power="stopped"))))
    (step,) = action.steps
    assert (step.finish, step.result) == (None, None)


def test_a_change_that_nobody_asked_for_is_no_part_of_an_action() -> None:
    rows = told(("adopted", {"host": HOST}), ("power-changed", {"operation": None}))
    (action,) = actions(rows)
    assert (action.name, action.updated) == ("create", rows[0].at)


def test_a_discarded_build_is_a_deletion() -> None:
    rows = told(("build-requested", of()), ("build-failed", of(reason="no")), ("deleted", {}))
    deleted, created = actions(rows)
    assert (deleted.name, deleted.steps[-1].result) == ("delete", "Success")
    assert created.message == "no"
