"""What the region's policy means for one server."""

from __future__ import annotations

from commands.command import Log
from domain.catalogue.region_policy import POLICY, RegionPolicy
from domain.server import Power


def policy(log: Log) -> RegionPolicy:
    """The rules that the operators have set; the defaults where they have set none."""
    return log.open(RegionPolicy, POLICY).state


def counts(log: Log, power: Power) -> bool:
    """Whether a server counts against cores and ram with that power.

    A stopped one does unless the policy says ``when-running``.
    """
    return power != "stopped" or policy(log).stopped_servers == "always"
