"""What the region's policy means for one server."""

from __future__ import annotations

from commands.command import Log
from domain.catalogue import scalability
from domain.catalogue.region_policy import POLICY, RegionPolicy
from domain.server import Power, Server


def policy(log: Log) -> RegionPolicy:
    return log.open(RegionPolicy, POLICY).state


def closed(log: Log, server: Server) -> tuple[str, ...]:
    """Which of the four flags say that the server may not be scaled."""
    return closed_by(policy(log), server)


def closed_by(policy: RegionPolicy, server: Server) -> tuple[str, ...]:
    """A server that was adopted without flavor or image has none that could say no."""
    spec = server.spec
    return scalability.closed(
        region=policy.scaling,
        flavor=spec.flavor is None or spec.flavor.scalable,
        image=spec.image is None or spec.image.scalable,
        server=server.scalable,
    )


def counts(log: Log, power: Power) -> bool:
    """Whether a server counts against cores and ram with that power."""
    return power != "stopped" or policy(log).stopped_servers == "always"
