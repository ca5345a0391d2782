"""The region's policy: read by all, set by administrators, in part or whole."""

from __future__ import annotations

import pytest

from tests.kit.region import Region

POLICY = "/v1/region/policy"
FIRST = {"scaling": True, "stopped_servers": "always", "scale_retries": 2, "version": 0}


def test_the_policy_is_the_default_before_it_is_set(region: Region) -> None:
    shown = region.get(POLICY, as_="reader")
    assert (shown.json(), shown.headers["etag"]) == (FIRST, '"0"')


def test_rules_that_are_named_change_and_the_others_stay(region: Region) -> None:
    changed = region.put(POLICY, {"scaling": False, "reason": "an incident"})
    assert changed.json() == FIRST | {"scaling": False, "version": 1}
    after = f"?after={changed.headers['ullage-position']}"
    assert region.get(POLICY + after, as_="auditor").json() == changed.json()
    whole = {"scaling": True, "stopped_servers": "when-running", "scale_retries": 0}
    assert region.put(POLICY, whole).json() == whole | {"version": 2}
    entries = region.get(f"/v1/history?kind=region.policy-changed&after={region.head}").json()
    assert [(one["was"]["scaling"], one["to"]["scaling"]) for one in entries["items"]] == [
        (False, True),
        (True, False),
    ]
    assert entries["items"][1]["why"] == "an incident"


def test_a_policy_of_another_version_is_not_changed(region: Region) -> None:
    body = {"scaling": False}
    assert region.put(POLICY, body, headers={"if-match": '"1"'}).status_code == 412
    assert region.put(POLICY, body, headers={"if-match": '"0"'}).status_code == 200
    head = region.head
    assert region.put(POLICY, {}, headers={"if-match": '"1"'}).json()["version"] == 1
    assert region.head == head


@pytest.mark.parametrize(
    "body",
    [
        {"scaling": None},
        {"scaling": 1},
        {"stopped_servers": "never"},
        {"scale_retries": -1},
        {"scale_retries": 11},
        {"version": 3},
    ],
)
def test_an_invalid_policy_is_refused(shared: Region, body: dict[str, object]) -> None:
    head = shared.head
    assert shared.put(POLICY, body).status_code == 400
    assert shared.head == head
