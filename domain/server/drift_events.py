"""The events of a server that was found to be other than recorded."""

from __future__ import annotations

import msgspec

from domain.server.values import Drift
from domain.shared.envelope import Envelope
from domain.shared.events import Event
from domain.shared.resources import Amounts
from domain.shared.size import GuestView, Size


class EnvelopeRead(Event, frozen=True, kw_only=True, tag="server.envelope-read"):
    """The limits of live change are different, as after a start, or the guest has followed; the
    size is the same."""

    envelope: Envelope
    guest: GuestView
    seen_by_guest: bool | None = None


class DriftObserved(Event, frozen=True, kw_only=True, tag="server.drift-observed"):
    """The server was changed past this program; what it really has is claimed from now on.

    ``drift`` None: it is as recorded again.
    """

    was: Size
    host: str
    drift: Drift | None


class DriftAdopted(Event, frozen=True, kw_only=True, tag="server.drift-adopted"):
    """An operator took over what was seen. ``exceeded``: by how much the project is above its
    quota, per resource."""

    was: Size
    size: Size
    host: str
    counted: bool = True
    exceeded: Amounts = msgspec.field(default_factory=dict)
    reason: str = ""
