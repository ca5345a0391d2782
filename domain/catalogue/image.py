"""An image is the template that servers are built from, and how far they may be scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never

import msgspec
from msgspec.structs import asdict, replace

from domain.catalogue.scalability import IMAGE_MAX_MEMORY, IMAGE_MAX_VCPUS, count
from domain.shared import traits
from domain.shared.errors import Refused
from domain.shared.events import Event

MEMORY_DEVICE = "hw_memory_device"
"""The property that says by which device memory is added."""

_DEVICES = ("dimm", "virtio-mem")


class ImageSettings(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The part of an image that everybody may see; all of it may change.

    ``scalable``: the guest has the tools for it. ``min_memory_mib``: the least memory of its
    servers.
    """

    name: str
    properties: dict[str, str] = {}
    scalable: bool = True
    min_memory_mib: int = 0


class ImageCreated(Event, frozen=True, kw_only=True, tag="image.created"):
    """An image was created. ``template``: the libvirt domain XML of its servers, for operators
    only."""

    to: ImageSettings
    template: str
    reason: str = ""


class ImageChanged(Event, frozen=True, kw_only=True, tag="image.changed"):
    """An image was changed. ``template`` None: that is as it was."""

    was: ImageSettings
    to: ImageSettings
    template: str | None = None
    reason: str = ""


class ImageDeleted(Event, frozen=True, kw_only=True, tag="image.deleted"):
    """An image was deleted: no more servers are built from it; its servers keep their copies."""

    reason: str = ""


ImageEvent = ImageCreated | ImageChanged | ImageDeleted


@dataclass(eq=False)
class ImageExists(Refused):
    """An image with this id exists."""

    image: str

    def __str__(self) -> str:
        return f"Image {self.image} already exists."


@dataclass(eq=False)
class MemoryTooSmall(Refused):
    """The flavor has less memory than the image needs; both in MiB."""

    memory_mib: int
    least: int

    def __str__(self) -> str:
        return (
            f"The image needs at least {self.least} MiB of memory; "
            f"the flavor has {self.memory_mib} MiB."
        )


@dataclass(eq=False)
class PropertyInvalid(Refused):
    """An image property that this program reads has a value it cannot use."""

    key: str
    value: str
    fault: str

    def __str__(self) -> str:
        return f"Image property {self.key}={self.value} is not valid: {self.fault}."


class Image(ImageSettings, frozen=True, kw_only=True, gc=False):
    """An image as its events have made it. A deleted one may be created again under its id."""

    category: ClassVar[str] = "image"
    snapshot_format: ClassVar[int] = 1
    is_over: ClassVar[bool] = False

    template: str
    deleted: bool = False

    # Decisions: what may happen next

    @classmethod
    def create(cls, settings: ImageSettings, *, template: str, reason: str = "") -> ImageCreated:
        """Create an image. Raises PropertyInvalid."""
        _check(settings)
        return ImageCreated(to=settings, template=template, reason=reason)

    def change(
        self, to: ImageSettings, *, template: str | None = None, reason: str = ""
    ) -> ImageChanged:
        """Replace the settings with ``to``, and the template if one is given. Raises
        PropertyInvalid."""
        _check(to)
        return ImageChanged(was=self.settings(), to=to, template=template, reason=reason)

    def delete(self, reason: str = "") -> ImageDeleted:
        """Delete the image; nothing stands against it, as servers keep copies."""
        return ImageDeleted(reason=reason)

    # Questions

    def settings(self) -> ImageSettings:
        """The part of it that everybody may see, as it is now."""
        return ImageSettings(
            name=self.name,
            properties=self.properties,
            scalable=self.scalable,
            min_memory_mib=self.min_memory_mib,
        )

    # History: what has happened

    @classmethod
    def begin(cls, event: ImageCreated) -> Self:
        """The image as created."""
        return cls(template=event.template, **asdict(event.to))

    def after(self, event: ImageEvent) -> Self:
        """The image after ``event``; one that is created again begins anew."""
        match event:
            case ImageCreated():
                return self.begin(event)
            case ImageChanged(to=settings, template=template):
                anew = self.template if template is None else template
                return replace(self, template=anew, **asdict(settings))
            case ImageDeleted():
                return replace(self, deleted=True)
            case never:
                assert_never(never)


def _check(settings: ImageSettings) -> None:
    """Check the properties that this program reads. Raises PropertyInvalid."""
    for key, value in settings.properties.items():
        if fault := _fault(key, value, least=settings.min_memory_mib):
            raise PropertyInvalid(key=key, value=value, fault=fault)


def _fault(key: str, value: str, *, least: int) -> str | None:
    most = count(value)
    if key in (IMAGE_MAX_VCPUS, IMAGE_MAX_MEMORY) and most is None:
        return "it must be a whole number, 1 or more"
    if key == IMAGE_MAX_MEMORY and most is not None and most < least:
        return f"it is below the image's own minimum of {least} MiB"
    if key == MEMORY_DEVICE and value not in _DEVICES:
        return f"it must be one of {', '.join(_DEVICES)}"
    return traits.fault(key, value) if key.startswith(traits.PREFIX) else None
