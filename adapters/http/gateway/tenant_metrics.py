"""What tenants cost, for Prometheus: those who cost most, so that no number of tenants fills it."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from commands.engine.tenant_costs import TenantCost, TenantCosts

_SHOWN = 50

_FAMILIES = (
    ("ullage_tenant_commands", "Commands of a tenant that were decided."),
    ("ullage_tenant_facts", "Facts that they led to."),
    ("ullage_tenant_fact_bytes", "Bytes of the bodies of those facts."),
    ("ullage_tenant_decision_seconds", "Time of the sequencer that they took."),
)


class TenantMetrics(Collector):
    """Of the tenants that took the most of the sequencer's time since this process began."""

    def __init__(self, costs: TenantCosts) -> None:
        self._costs = costs

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read when Prometheus asks."""
        families = [CounterMetricFamily(*one, labels=["tenant"]) for one in _FAMILIES]
        for cost in self._costs.most(_SHOWN):
            for family, value in zip(families, _values(cost), strict=True):
                family.add_metric([cost.tenant], value)
        yield from families


def _values(cost: TenantCost) -> tuple[float, ...]:
    return (cost.commands, cost.facts, cost.bytes, cost.seconds)
