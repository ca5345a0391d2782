"""The state of a server: what it has, and what it holds of its project's quota and its hosts."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

import msgspec

from domain.server.values import (
    Autoscaling,
    Description,
    Drift,
    FailedTo,
    FlavorTerms,
    Operation,
    Power,
)
from domain.shared.envelope import Envelope
from domain.shared.request_spec import RequestSpec
from domain.shared.resources import NOTHING, Amounts, held, increase
from domain.shared.size import GuestView, Size


@lru_cache(maxsize=10_000)
def _more(largest: Size, present: Size) -> Amounts:
    return increase(held(present), held(largest))


class ServerState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The state of a server, and the questions that only need to read it.

    Three sizes: requested is ``spec.size``, allocated ``size`` (as last read back from the
    hypervisor), actual ``guest``. ``counted``: whether cores and ram count against the quota.
    ``user``: the owner; "": nobody in particular. ``resized_from``: what it was before a resize
    that is not confirmed yet. ``fault``: why it could not be built.
    """

    category: ClassVar[str] = "server"
    snapshot_format: ClassVar[int] = 3

    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView = GuestView()
    ceiling: Size | None = None
    operation: Operation | None = None
    spec: RequestSpec = RequestSpec()
    power: Power = "running"
    scalable: bool = True
    counted: bool = True
    autoscaling: Autoscaling | None = None
    cool_until: datetime | None = None
    drift: Drift | None = None
    failed: FailedTo | None = None
    seen_by_guest: bool | None = None
    awaited: GuestView | None = None
    user: str = ""
    described: Description | None = None
    resized_from: FlavorTerms | None = None
    fault: str | None = None

    # Questions

    def works_on(self, operation: UUID) -> bool:
        """Whether this is the open operation."""
        return self.operation is not None and self.operation.id == operation

    @property
    def requested(self) -> Size:
        """The size asked for now, or last."""
        return self.operation.to if self.operation else self.spec.size or self.size

    def claimed(self) -> Amounts:
        """The quota that the project holds for the server.

        It is the largest of what it has, what it is being brought to, and what was seen on its
        hypervisor.
        """
        if self.power == "gone":
            return NOTHING
        amounts = held(self._largest())
        return amounts if self._counts() else {**NOTHING, "instances": amounts["instances"]}

    def reserved(self) -> Amounts:
        """The part of `claimed` that the server does not have: held for a change, or for undoing
        one."""
        if self.power == "building":
            return self.claimed()
        if self.operation is None and self.resized_from is None:  # as nearly always
            return {}
        present, largest = self._present(), self._largest()
        if present == largest or self.power == "gone" or not self._counts():
            return {}
        return _more(largest, present)

    @property
    def description(self) -> Description:
        """Its description; the name alone where nothing else was set."""
        return self.described or Description(name=self.name)

    @property
    def terms(self) -> FlavorTerms:
        """What its flavor makes of it now."""
        return FlavorTerms(
            flavor=self.spec.flavor,
            size=self.size,
            ceiling=self.ceiling,
            traits=self.spec.traits,
            max_vcpus=self.spec.max_vcpus,
            max_memory_mib=self.spec.max_memory_mib,
        )

    def placed(self) -> dict[str, Size]:
        """How much it holds of each host. A stopped server keeps its place."""
        if self.power == "gone":
            return {}
        size = self._largest()
        places = {self.host: size}
        if self.operation and self.operation.to_host:
            # Until it has left, it needs no more here than it has.
            places[self.host] = self._present()
            places[self.operation.to_host] = size
        if self.drift and self.drift.seen:
            places.setdefault(self.drift.seen.host, self.drift.seen.size)
        return places

    def _counts(self) -> bool:
        """Whether it counts. One that somebody else started does, whatever else they did to it."""
        seen = self.drift.seen if self.drift else None
        return self.counted or (seen is not None and seen.power != "stopped")

    def _present(self) -> Size:
        seen = self.drift.seen if self.drift else None
        return self.size.max_with(seen.size) if seen else self.size

    def _largest(self) -> Size:
        largest = self._present()
        if self.operation:
            largest = largest.max_with(self.operation.to)
        # It can always go back, until it is said that it need not.
        return largest.max_with(self.resized_from.size) if self.resized_from else largest
