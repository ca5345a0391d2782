"""A flavor is what servers of one kind begin with, and how far they may be scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never

import msgspec
from msgspec.structs import asdict, replace

from domain import traits
from domain.errors import Refused
from domain.events import Event
from domain.scalability import MAX_MEMORY, MAX_VCPUS, count


class FlavorSettings(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of a flavor may change; its size never does.

    ``scalable``: its servers may be scaled. ``public``: everybody sees it, not only operators.
    """

    extra_specs: dict[str, str] = {}
    scalable: bool = True
    public: bool = True
    description: str = ""


class FlavorCreated(Event, frozen=True, kw_only=True, tag="flavor.created"):
    """Memory in MiB, disk in GiB."""

    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int = 0
    to: FlavorSettings
    reason: str = ""


class FlavorChanged(Event, frozen=True, kw_only=True, tag="flavor.changed"):
    was: FlavorSettings
    to: FlavorSettings
    reason: str = ""


class FlavorDeleted(Event, frozen=True, kw_only=True, tag="flavor.deleted"):
    """Nothing more is built of it. Its servers keep their copies."""

    reason: str = ""


FlavorEvent = FlavorCreated | FlavorChanged | FlavorDeleted


@dataclass(eq=False)
class FlavorExists(Refused):
    flavor: str

    def __str__(self) -> str:
        return f"There is a flavor {self.flavor} already."


@dataclass(eq=False)
class ExtraSpecInvalid(Refused):
    key: str
    value: str
    fault: str

    def __str__(self) -> str:
        return f"The extra spec {self.key}={self.value} is not valid: {self.fault}."


class Flavor(FlavorSettings, frozen=True, kw_only=True, gc=False):
    """Memory in MiB, disk in GiB. One that was deleted may be created anew under its id."""

    category: ClassVar[str] = "flavor"
    snapshot_format: ClassVar[int] = 1

    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int = 0
    deleted: bool = False

    # Decisions: what may happen next

    @classmethod
    def create(
        cls,
        *,
        name: str,
        vcpus: int,
        memory_mib: int,
        disk_gib: int = 0,
        settings: FlavorSettings,
        reason: str = "",
    ) -> FlavorCreated:
        """Raises ExtraSpecInvalid."""
        _check(settings.extra_specs, vcpus=vcpus, memory_mib=memory_mib)
        return FlavorCreated(
            name=name,
            vcpus=vcpus,
            memory_mib=memory_mib,
            disk_gib=disk_gib,
            to=settings,
            reason=reason,
        )

    def change(self, to: FlavorSettings, reason: str = "") -> FlavorChanged:
        """Raises ExtraSpecInvalid."""
        _check(to.extra_specs, vcpus=self.vcpus, memory_mib=self.memory_mib)
        return FlavorChanged(was=self.settings(), to=to, reason=reason)

    def delete(self, reason: str = "") -> FlavorDeleted:
        return FlavorDeleted(reason=reason)

    # Questions

    def settings(self) -> FlavorSettings:
        return FlavorSettings(
            extra_specs=self.extra_specs,
            scalable=self.scalable,
            public=self.public,
            description=self.description,
        )

    # History: what has happened

    @classmethod
    def begin(cls, event: FlavorCreated) -> Self:
        return cls(
            name=event.name,
            vcpus=event.vcpus,
            memory_mib=event.memory_mib,
            disk_gib=event.disk_gib,
            **asdict(event.to),
        )

    def after(self, event: FlavorEvent) -> Self:
        match event:
            case FlavorCreated():
                return self.begin(event)
            case FlavorChanged(to=settings):
                return replace(self, **asdict(settings))
            case FlavorDeleted():
                return replace(self, deleted=True)
            case never:
                assert_never(never)


def _check(extra_specs: dict[str, str], *, vcpus: int, memory_mib: int) -> None:
    """Raises ExtraSpecInvalid."""
    own = {MAX_VCPUS: vcpus, MAX_MEMORY: memory_mib}
    for key, value in extra_specs.items():
        fault = _below(value, own[key]) if key in own else None
        if key.startswith(traits.PREFIX):
            fault = traits.fault(key, value)
        if fault:
            raise ExtraSpecInvalid(key=key, value=value, fault=fault)


def _below(value: str, own: int) -> str | None:
    if (most := count(value)) is None:
        return "it must be a whole number, 1 or more"
    return f"it is below the flavor's own {own}" if most < own else None
