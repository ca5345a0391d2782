"""The flavors and images of the small region, and what a server that is built of them must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from commands.catalogue.create_flavor import CreateFlavor
from commands.catalogue.create_image import CreateImage
from commands.command import Command
from domain.catalogue.flavor import FlavorSettings
from domain.catalogue.image import ImageSettings
from tests.commands.model import accounts
from tests.commands.model.accounts import Account
from tests.commands.model.world import NO_ROOM, Room


@dataclass(frozen=True)
class Kind:
    """``most``: vCPUs and MiB at the most; None where nothing is said."""

    most: tuple[int | None, int | None]
    room: Room = NO_ROOM


FLAVORS = {
    "tiny": Kind((6, 8192), Room(1, 1024)),
    "wide": Kind((8, None), Room(2, 2048)),
    "fixed": Kind((None, None), Room(2, 1024)),
}
IMAGES = {"plain": Kind((None, None)), "low": Kind((None, 4096)), "high": Kind((16, 16_384))}


def created() -> Iterator[Command]:
    for name, kind in FLAVORS.items():
        specs = _named(kind, "hw:max_vcpus", "hw:max_memory_mb")
        yield CreateFlavor(
            flavor=name,
            name=name,
            vcpus=kind.room.cpus,
            memory_mib=kind.room.mib,
            settings=FlavorSettings(extra_specs=specs),
        )
    for name, kind in IMAGES.items():
        properties = _named(kind, "hw_max_vcpus", "hw_max_memory_mb")
        settings = ImageSettings(name=name, properties=properties)
        yield CreateImage(image=name, settings=settings, template="<domain/>")


@dataclass
class Catalogue:
    """``closed``: flavors and images of which new servers may not be scaled."""

    closed: set[str] = field(default_factory=set)

    def kind(self, flavor: str, image: str | None) -> accounts.Kind:
        """What it makes of a server that has this image, or none."""
        room, of_image = FLAVORS[flavor].room, IMAGES[image].most if image else (None, None)
        most = [
            _lower(one, other) for one, other in zip(FLAVORS[flavor].most, of_image, strict=True)
        ]
        fixed = {name for name, one in zip(("cpus", "mib"), most, strict=True) if one is None}
        ceiling = Room(max(most[0] or 0, room.cpus), max(most[1] or 0, room.mib))
        return accounts.Kind(
            flavor,
            room,
            None if len(fixed) == len(most) else ceiling,
            frozenset(fixed),
            frozenset({flavor} & self.closed),
        )

    def account(self, project: str, flavor: str, image: str, zone: str) -> Account:
        """A server on its way, before it has a host."""
        kind = self.kind(flavor, image)
        return Account(
            project,
            "",
            kind.room,
            "building",
            ceiling=kind.ceiling,
            reached=kind.room,
            closed={flavor, image} & self.closed,
            fixed=set(kind.fixed),
            built=True,
            zone=zone,
            pool="default",
            flavor=flavor,
            image=image,
        )


def _lower(of_flavor: int | None, of_image: int | None) -> int | None:
    """The image's counts only if it is lower, or the only one."""
    named = [one for one in (of_flavor, of_image) if one is not None]
    return min(named, default=None)


def _named(kind: Kind, *names: str) -> dict[str, str]:
    return {name: str(most) for name, most in zip(names, kind.most, strict=True) if most}
