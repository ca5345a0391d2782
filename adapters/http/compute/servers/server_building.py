"""From the body of a request for servers to the command that builds them."""

from __future__ import annotations

import secrets
import string
from uuid import UUID

import msgspec

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.servers import server_unsupported
from adapters.http.compute.servers.hostnames import hostname_of
from adapters.http.compute.servers.server_unsupported import RequestedServer
from adapters.http.gateway.policy import sees_flavor
from commands.servers.build_server import BuildServer
from commands.servers.build_servers import BuildServers
from domain.catalogue.flavor import Flavor
from domain.hosts.host import Host
from domain.server import Description
from projections.catalogue import CatalogueRow

_MOST = 200
"""Servers of one request: what one decision takes."""

_HINT_MOST = 255
_SIGNS = string.ascii_lowercase + string.digits


def command(call: Call) -> BuildServers:
    """The command that builds the servers of a request. Raises Fault."""
    asked: RequestedServer = call.body["server"]
    hints: RequestedServer = call.body.get(
        "os:scheduler_hints", call.body.get("OS-SCH-HNT:scheduler_hints", {})
    )
    server_unsupported.check(call, asked, hints)
    least, most = _counts(asked)
    first = _first(call, asked, hints)
    described = _descriptions(call, asked, most)
    builds = tuple(_one_of(call, first, *one) for one in enumerate(described))
    return BuildServers(builds=builds, least=least)


def _one_of(call: Call, first: BuildServer, index: int, described: Description) -> BuildServer:
    """Its host name stays whatever it is called later, as in Nova."""
    server = call.context.new_id()
    return msgspec.structs.replace(
        first,
        server=server,
        operation=call.context.new_id(),
        launch_index=index,
        name=described.name,
        described=msgspec.structs.replace(
            described, hostname=described.hostname or f"Server-{server}"
        ),
    )


def last_part(ref: object) -> str:
    """Of a link the id at its end; an id is its own."""
    return str(ref).partition("?")[0].rpartition("/")[2]


def flavor_of(call: Call, ref: object) -> CatalogueRow[Flavor]:
    """One that the caller sees. Raises Fault."""
    id_ = last_part(ref)
    row = call.reads.models.catalogue.get(Flavor, id_)
    if row is None or not sees_flavor(call.actor, row.state):
        raise Fault(400, f"Flavor {id_} could not be found.")
    return row


def _first(call: Call, asked: RequestedServer, hints: RequestedServer) -> BuildServer:
    """Raises Fault."""
    if call.actor.home is None:
        raise Fault(400, "This token has no project, and a server needs one.")
    if not asked.get("imageRef"):
        raise Fault(400, "Missing imageRef attribute")
    return BuildServer(
        server=call.context.new_id(),
        operation=call.context.new_id(),
        project=call.actor.home,
        user=call.actor.user,
        name=asked["name"],
        flavor=flavor_of(call, asked["flavorRef"]).id,
        image=last_part(asked["imageRef"]),
        deadline=call.context.deadline(),
        zone=_zone(call, asked),
        group=_group(hints),
        hints={name: _hint(name, value) for name, value in hints.items() if name != "group"},
        launch="r-" + "".join(secrets.choice(_SIGNS) for _ in range(8)),
    )


def _counts(asked: RequestedServer) -> tuple[int, int]:
    """Raises Fault."""
    least = _count(asked.get("min_count", 1))
    most = _count(asked.get("max_count", least))
    if least > most:
        raise Fault(400, "min_count must be <= max_count")
    if least > _MOST:
        raise Fault(400, f"No more than {_MOST} servers can be asked for at once.")
    return least, min(most, _MOST)


def _count(given: int | str) -> int:
    """Nova takes text, too. Far more digits than any count has are not converted."""
    return int(given) if len(str(given)) < 10 else _MOST + 1  # noqa: PLR2004 (a billion)


def _descriptions(call: Call, asked: RequestedServer, most: int) -> list[Description]:
    """Of several each has its number. Raises Fault."""
    one = _description(call, asked)
    if most == 1:
        return [one]
    if asked.get("hostname"):
        raise Fault(400, "Unable to allocate a single hostname to multiple instances")
    return [
        msgspec.structs.replace(
            one,
            name=f"{one.name}-{number}",
            hostname=f"{one.hostname}-{number}" if one.hostname else None,
        )
        for number in range(1, most + 1)
    ]


def _description(call: Call, asked: RequestedServer) -> Description:
    """Before there were descriptions Nova took the name for one."""
    return Description(
        name=asked["name"],
        description=asked.get("description") if call.at >= V(2, 19) else asked["name"],
        metadata=asked.get("metadata", {}),
        access_ipv4=asked.get("accessIPv4", ""),
        access_ipv6=asked.get("accessIPv6", ""),
        hostname=asked.get("hostname") or hostname_of(asked["name"]) or None,
    )


def _zone(call: Call, asked: RequestedServer) -> str:
    """Raises Fault."""
    zone: str = asked.get("availability_zone", "")
    if ":" in zone:
        raise Fault(400, "Choosing a host by the availability zone is not supported here.")
    rows = call.reads.models.catalogue.all(Host)
    if zone and all(row.state.terms.zone != zone for row in rows):
        raise Fault(400, "The requested availability zone is not available")
    return zone


def _group(hints: RequestedServer) -> UUID | None:
    """Raises Fault."""
    given = hints.get("group")
    ids = given if isinstance(given, list) else [given] if given else []
    if len(ids) > 1:
        raise Fault(400, "A server is in one group at the most.")
    return UUID(ids[0]) if ids else None


def _hint(name: str, value: object) -> str:
    """As Nova keeps them: a list of texts, one a line here. Raises Fault."""
    texts = [
        one if isinstance(one, str) else msgspec.json.encode(one).decode()
        for one in (value if isinstance(value, list) else [value])
    ]
    kept = "\n".join(texts)
    if not 0 < len(name) <= _HINT_MOST or len(kept) > _HINT_MOST:
        raise Fault(400, f"The scheduler hint {name[:_HINT_MOST]!r} is too long.")
    return kept
