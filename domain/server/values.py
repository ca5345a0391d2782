"""The small values that a server's events and state are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.shared.envelope import Envelope
from domain.shared.request_spec import FlavorCopy
from domain.shared.size import GuestView, Size

Power = Literal["building", "running", "paused", "stopped", "gone"]
"""``gone``: deleted, or its build failed."""

Consent = Literal["live", "migrate", "restart"]
"""What the caller allows beside a live change; one never includes the other."""

Mode = Literal["live", "migrate", "restart", "stopped"]
"""How a scale goes. ``stopped``: the server does not run, so that nothing is in its way."""

OperationKind = Literal["scale", "build", "delete", "start", "stop"]
StepKind = Literal[
    "reconfigure", "migrate", "restart", "build", "delete", "start", "stop", "read-back"
]
"""What a hypervisor is asked for, one at a time."""


class Description(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What people say of a server; no rule depends on it.

    Addresses and ``hostname`` are as given; ``hostname`` None: the name is used.
    """

    name: str
    description: str | None = None
    metadata: dict[str, str] = {}
    access_ipv4: str = ""
    access_ipv6: str = ""
    hostname: str | None = None


class FlavorTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a flavor makes of a server: its size, and how far that may be scaled.

    ``ceiling`` None: not at all. ``max_vcpus``, ``max_memory_mib``: what flavor and image allow.
    """

    flavor: FlavorCopy | None
    size: Size
    ceiling: Size | None
    traits: tuple[str, ...] = ()
    max_vcpus: int | None = None
    max_memory_mib: int | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is being done to the server.

    ``to``: the size it will have. ``to_host``: where it is migrating, until it is there. ``tried``:
    hosts that turned out to have no room. ``undecided``: its deadline passed and the outcome is not
    known. ``late``: a deadline has passed once, so nothing more is begun and the next report ends
    it. ``resize``: the flavor that comes with the size; ``reverts``: it is the old one.
    ``counted_before``: whether cores and ram counted when it was asked for.
    """

    id: UUID
    to: Size
    deadline: datetime
    undecided: bool = False
    kind: OperationKind = "scale"
    mode: Mode = "live"
    consent: Consent = "live"
    to_host: str | None = None
    tried: tuple[str, ...] = ()
    counted_before: bool = True
    late: bool = False
    resize: FlavorTerms | None = None
    reverts: bool = False

    @property
    def ask(self) -> StepKind:
        """The step that a relay is carrying now."""
        if self.kind != "scale":
            return self.kind
        if self.to_host is not None:
            return "migrate"
        return "restart" if self.mode == "restart" else "reconfigure"


class Seen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A server as it was read on a host."""

    host: str
    size: Size
    power: Power
    guest: GuestView
    envelope: Envelope


class Drift(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a server differs from what is recorded. ``seen`` None: its host does not know it any
    more."""

    seen: Seen | None


class Autoscaling(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The rules for recommendations of one server.

    Sizes stay within ``least`` and ``most``; a change below ``dead_band_percent`` in each dimension
    is not made; after a change the next waits for ``cool_down_seconds``.
    """

    least: Size
    most: Size
    dead_band_percent: int = 10
    cool_down_seconds: int = 300


class FailedTo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The size that the hypervisor refused last, as long as nothing has changed since."""

    to: Size
    reason: str
