"""The limits that hold for every project that has none of its own."""

from __future__ import annotations

from typing import ClassVar, Self

import msgspec

from domain.events import Event
from domain.limits import check
from domain.resources import Amounts

DEFAULT = "default"


class QuotaClassChanged(Event, frozen=True, kw_only=True, tag="quota-class.changed"):
    was: Amounts
    limits: Amounts


QuotaClassEvent = QuotaClassChanged


class QuotaClass(msgspec.Struct, frozen=True, kw_only=True):
    category: ClassVar[str] = "quota-class"
    snapshot_format: ClassVar[int] = 1

    limits: Amounts = {}

    def change(self, limits: Amounts) -> QuotaClassChanged:
        """Raises ResourceUnknown, LimitInvalid."""
        check(limits)
        return QuotaClassChanged(was=self.limits, limits=limits)

    @classmethod
    def begin(cls, event: QuotaClassEvent) -> Self:
        return cls().after(event)

    def after(self, event: QuotaClassEvent) -> Self:
        return type(self)(limits=event.limits)
