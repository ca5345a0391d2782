"""A reading in the words of the port."""

from __future__ import annotations

from adapters.hypervisors.driver import Found
from adapters.hypervisors.kvm.definition import limits
from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.size import GuestView


def as_found(now: Reading, view: GuestView) -> Found:
    return Found(
        server=now.live.server,
        name=now.live.name,
        state=now.state,
        allocated=limits.allocated(now.live),
        guest=view,
        envelope=limits.envelope(now),
    )
