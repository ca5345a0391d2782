"""A server group that was made before: the past of what servers do in it."""

from __future__ import annotations

from uuid import UUID

from domain.neighbours import GroupPolicy
from domain.quota import QuotaClaimed
from domain.server_group import GroupCreated
from tests.commands.region import QUOTA_STREAM
from tests.commands.standing import Past
from tests.examples import PROJECT

GROUP = UUID(int=7)
GROUP_STREAM = f"server-group:{GROUP}"


def created(policy: GroupPolicy = "anti-affinity", most: int | None = None) -> GroupCreated:
    return GroupCreated(project=PROJECT, name="web", policy=policy, max_server_per_host=most)


def group(policy: GroupPolicy = "anti-affinity", most: int | None = None) -> Past:
    """Nobody else has claimed anything before."""
    one = {"server_groups": 1}
    claimed = QuotaClaimed(project=PROJECT, group=GROUP, amounts=one, used=one)
    return ((GROUP_STREAM, created(policy, most)), (QUOTA_STREAM, claimed))
