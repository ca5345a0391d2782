"""A process that follows: who writes by way of it sees that in what it reads there next."""

from __future__ import annotations

from tests.kit.region import NewRegion, Region

GROUP = {"server_group": {"name": "g", "policies": ["affinity"]}}
GROUPS = "/compute/v2.1/os-server-groups"


def test_a_follower_shows_what_was_just_created_and_not_what_was_deleted(
    new_region: NewRegion,
) -> None:
    leader = new_region().leading()
    follower: Region = new_region().start()
    assert leader.process.leads()
    assert not follower.process.leads()
    for _ in range(20):
        made = follower.post(GROUPS, GROUP, as_="member")
        assert made.status_code == 200, made.text
        one = f"{GROUPS}/{made.json()['server_group']['id']}"
        assert follower.get(one, as_="member").status_code == 200
        assert follower.ask("DELETE", one, as_="member").status_code == 204
        assert follower.get(one, as_="member").status_code == 404
