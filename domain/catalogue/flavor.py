"""A flavor is the size that servers are built with, and how far they may be scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never

import msgspec
from msgspec.structs import asdict, replace

from domain.catalogue.scalability import MAX_MEMORY, MAX_VCPUS, count
from domain.shared import traits
from domain.shared.errors import Refused
from domain.shared.events import Event


class FlavorSettings(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The part of a flavor that may change; its size never does.

    ``scalable``: its servers may be scaled. ``public``: every project sees it, not only operators
    and the projects in ``access`` (sorted).
    """

    extra_specs: dict[str, str] = {}
    scalable: bool = True
    public: bool = True
    description: str = ""
    access: tuple[str, ...] = ()


class FlavorCreated(Event, frozen=True, kw_only=True, tag="flavor.created"):
    """A flavor was created. Memory and swap in MiB, disks in GiB."""

    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int = 0
    to: FlavorSettings
    reason: str = ""
    swap_mib: int = 0
    ephemeral_gib: int = 0
    rxtx_factor: float = 1.0


class FlavorChanged(Event, frozen=True, kw_only=True, tag="flavor.changed"):
    """A flavor's settings were changed, all of them given: as they were and as they are."""

    was: FlavorSettings
    to: FlavorSettings
    reason: str = ""


class FlavorDeleted(Event, frozen=True, kw_only=True, tag="flavor.deleted"):
    """A flavor was deleted: no more servers are built from it; its servers keep their copies."""

    reason: str = ""


FlavorEvent = FlavorCreated | FlavorChanged | FlavorDeleted


@dataclass(eq=False)
class FlavorExists(Refused):
    """A flavor with this id exists."""

    flavor: str

    def __str__(self) -> str:
        return f"Flavor {self.flavor} already exists."


@dataclass(eq=False)
class FlavorAccessExists(Refused):
    """The project is in the flavor's access list already."""

    flavor: str
    project: str

    def __str__(self) -> str:
        return f"Project {self.project} already has access to flavor {self.flavor}."


@dataclass(eq=False)
class FlavorAccessMissing(Refused):
    """The project is not in the flavor's access list, so it cannot be removed."""

    flavor: str
    project: str

    def __str__(self) -> str:
        return f"Project {self.project} is not in the access list of flavor {self.flavor}."


@dataclass(eq=False)
class ExtraSpecInvalid(Refused):
    """An extra spec that this program reads has a value it cannot use."""

    key: str
    value: str
    fault: str

    def __str__(self) -> str:
        return f"Extra spec {self.key}={self.value} is not valid: {self.fault}."


class Flavor(FlavorSettings, frozen=True, kw_only=True, gc=False):
    """A flavor as its events have made it. Memory and swap in MiB, disks in GiB.

    ``rxtx_factor`` is kept for Nova's clients and has no effect. A deleted flavor may be created
    again under its id.
    """

    category: ClassVar[str] = "flavor"
    snapshot_format: ClassVar[int] = 1
    is_over: ClassVar[bool] = False

    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int = 0
    swap_mib: int = 0
    ephemeral_gib: int = 0
    rxtx_factor: float = 1.0
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
        swap_mib: int = 0,
        ephemeral_gib: int = 0,
        rxtx_factor: float = 1.0,
        settings: FlavorSettings,
        reason: str = "",
    ) -> FlavorCreated:
        """Create a flavor. Raises ExtraSpecInvalid."""
        _check(settings.extra_specs, vcpus=vcpus, memory_mib=memory_mib)
        return FlavorCreated(
            name=name,
            vcpus=vcpus,
            memory_mib=memory_mib,
            disk_gib=disk_gib,
            swap_mib=swap_mib,
            ephemeral_gib=ephemeral_gib,
            rxtx_factor=rxtx_factor,
            to=settings,
            reason=reason,
        )

    def change(self, to: FlavorSettings, reason: str = "") -> FlavorChanged:
        """Replace the settings with ``to``. Raises ExtraSpecInvalid."""
        _check(to.extra_specs, vcpus=self.vcpus, memory_mib=self.memory_mib)
        return FlavorChanged(was=self.settings(), to=to, reason=reason)

    def delete(self, reason: str = "") -> FlavorDeleted:
        """Delete the flavor; nothing stands against it, as servers keep copies."""
        return FlavorDeleted(reason=reason)

    # Questions

    def settings(self) -> FlavorSettings:
        """The part of it that may change, as it is now."""
        return FlavorSettings(
            extra_specs=self.extra_specs,
            scalable=self.scalable,
            public=self.public,
            description=self.description,
            access=self.access,
        )

    def seen_by(self, project: str | None) -> bool:
        """Whether ``project`` may see and use it; None: a caller that belongs to no project."""
        return self.public or project in self.access

    # History: what has happened

    @classmethod
    def begin(cls, event: FlavorCreated) -> Self:
        """The flavor as created."""
        return cls(
            name=event.name,
            vcpus=event.vcpus,
            memory_mib=event.memory_mib,
            disk_gib=event.disk_gib,
            swap_mib=event.swap_mib,
            ephemeral_gib=event.ephemeral_gib,
            rxtx_factor=event.rxtx_factor,
            **asdict(event.to),
        )

    def after(self, event: FlavorEvent) -> Self:
        """The flavor after ``event``; one that is created again begins anew."""
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
    """Check the extra specs that this program reads. Raises ExtraSpecInvalid."""
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
