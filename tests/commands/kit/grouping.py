"""Server groups, and servers in them: the past of what is asked of them, and what is asked."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from commands.servers.build_server import BuildServer
from domain.hosts.host import CapacityClaimed
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import GroupCreated, MemberAdded, MemberRemoved, ServerGroup
from domain.quota import QuotaClaimed
from domain.server import CeilingDeclared, ServerAdopted
from domain.shared.request_spec import RequestSpec
from domain.shared.size import Size
from tests.commands.kit.region import QUOTA_STREAM, Region
from tests.commands.kit.standing import BUILD, Past
from tests.kit.examples import ADOPTED, HOST, HUGE, PROJECT, SERVER, SMALL

GROUP, OTHER_GROUP = UUID(int=7), UUID(int=8)
GROUP_STREAM = f"server-group:{GROUP}"
ONE = {"server_groups": 1}
BUILD_IN_IT: BuildServer = replace(BUILD, group=GROUP)


def created(
    policy: GroupPolicy = "anti-affinity", most: int | None = None, project: str = PROJECT
) -> GroupCreated:
    return GroupCreated(project=project, name="web", policy=policy, max_server_per_host=most)


def group(policy: GroupPolicy = "anti-affinity", most: int | None = None) -> Past:
    """Nobody else has claimed anything before."""
    claimed = QuotaClaimed(project=PROJECT, group=GROUP, amounts=ONE, used=ONE)
    return ((GROUP_STREAM, created(policy, most)), (QUOTA_STREAM, claimed))


def added(server: UUID = SERVER, user: str = "") -> MemberAdded:
    return MemberAdded(project=PROJECT, server=server, user=user)


def removed(server: UUID = SERVER) -> MemberRemoved:
    return MemberRemoved(project=PROJECT, server=server)


def member(number: int, on: str, size: Size = SMALL, user: str = "") -> Past:
    """One more in the group, of no account but for where it is."""
    server = UUID(int=number)
    adopted: ServerAdopted = replace(
        ADOPTED, host=on, size=size, spec=RequestSpec(size=size, group=GROUP), user=user
    )
    return (
        (f"server:{server}", adopted),
        (f"server:{server}", CeilingDeclared(was=None, ceiling=HUGE)),
        (GROUP_STREAM, added(server, user)),
    )


def full(host: str = HOST) -> Past:
    """Somebody else has all of it."""
    much = Size(64, 262_144)
    claimed = CapacityClaimed(host=host, server=UUID(int=0xF), amounts=much, used=much)
    return ((f"host:{host}", claimed),)


def members(region: Region) -> list[UUID]:
    """As another process would load them."""
    stream = region.store.load(ServerGroup, GROUP_STREAM)
    assert stream
    return stream.state.servers()
