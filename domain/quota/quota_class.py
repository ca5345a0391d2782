"""The quota class: the limits of every project that has none of its own."""

from __future__ import annotations

from typing import ClassVar, Self

import msgspec

from domain.quota.limits import check
from domain.shared.events import Event
from domain.shared.resources import Amounts

DEFAULT = "default"


class QuotaClassChanged(Event, frozen=True, kw_only=True, tag="quota-class.changed"):
    """``limits`` are in force from now on.

    ``own``: those of them that were set at run time; they stay, whatever the settings say when the
    next process begins to lead.
    """

    was: Amounts
    limits: Amounts
    own: Amounts = msgspec.field(default_factory=dict)
    reason: str = ""


QuotaClassEvent = QuotaClassChanged


class QuotaClass(msgspec.Struct, frozen=True, kw_only=True):
    """The quota class as its events have made it."""

    category: ClassVar[str] = "quota-class"
    snapshot_format: ClassVar[int] = 2

    limits: Amounts = {}
    own: Amounts = {}

    def configure(self, settings: Amounts) -> QuotaClassChanged:
        """Take the limits of the settings, except where one was set at run time.

        Raises ResourceUnknown, LimitInvalid.
        """
        check(settings)
        return QuotaClassChanged(was=self.limits, limits={**settings, **self.own}, own=self.own)

    def change(self, limits: Amounts, reason: str = "") -> QuotaClassChanged:
        """Set the limits named, at run time; the others stay. Raises ResourceUnknown,
        LimitInvalid."""
        check(limits)
        return QuotaClassChanged(
            was=self.limits,
            limits={**self.limits, **limits},
            own={**self.own, **limits},
            reason=reason,
        )

    @classmethod
    def begin(cls, event: QuotaClassEvent) -> Self:
        """The quota class after its first change."""
        return cls().after(event)

    def after(self, event: QuotaClassEvent) -> Self:
        """The quota class after one more change."""
        return type(self)(limits=event.limits, own=event.own)
