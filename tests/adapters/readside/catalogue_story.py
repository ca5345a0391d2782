"""Random commands about flavors, images, windows and the region's policy."""

from __future__ import annotations

from random import Random

from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.change_image import ChangeImage
from commands.catalogue.create_flavor import CreateFlavor
from commands.catalogue.create_image import CreateImage
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from commands.command import Command
from commands.placement.set_region_policy import SetRegionPolicy
from commands.schedules.set_window import SetWindow
from domain.catalogue.flavor import Flavor, FlavorSettings
from domain.catalogue.image import Image, ImageSettings
from domain.schedules.window import Window
from domain.schedules.window_times import WEEKDAYS, WindowTimes

_IDS = ("a", "b", "c:d", "été")
_CHANGES: tuple[dict[str, str | None], ...] = ({}, {"z": None}, {"hw:max_vcpus": "32"})
_KINDS: tuple[type[Flavor | Image | Window], ...] = (Flavor, Image, Window)


class CatalogueStory:
    """Few ids, so that things are changed, deleted and made again."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def command(self) -> Command:
        makes = (self._flavor, self._image, self._window, self._policy, self._gone)
        return self._random.choice(makes)()

    def _id(self) -> str:
        return self._random.choice(_IDS)

    def _specs(self) -> dict[str, str]:
        return {"hw:max_vcpus": str(self._random.choice((2, 8, 16))), "z": "", "aa": "x"}

    def _flavor(self) -> Command:
        if self._random.random() < 0.5:
            settings = FlavorSettings(extra_specs=self._specs(), description='"q" \\ été')
            id_ = self._id()
            return CreateFlavor(flavor=id_, name=id_, vcpus=4, memory_mib=512, settings=settings)
        return ChangeFlavor(
            flavor=self._id(),
            extra_specs=self._random.choice(_CHANGES),
            scalable=self._random.choice((None, True, False)),
        )

    def _image(self) -> Command:
        template = f"<domain>\n\t{self._random.randrange(3)}</domain>"
        if self._random.random() < 0.5:
            return CreateImage(
                image=self._id(), settings=ImageSettings(name="i"), template=template
            )
        return ChangeImage(
            image=self._id(),
            properties={"hw_memory_device": self._random.choice((None, "dimm", "virtio-mem"))},
            template=self._random.choice((None, template)),
        )

    def _window(self) -> Command:
        times = WindowTimes(
            timezone=self._random.choice(("UTC", "Europe/Vienna", "Mars/Olympus")),
            weekdays=tuple(self._random.sample(WEEKDAYS, self._random.randrange(4))),
            starts="22:30",
            minutes=self._random.randrange(500),
        )
        return SetWindow(window=self._id(), times=times)

    def _policy(self) -> Command:
        return SetRegionPolicy(
            scaling=self._random.choice((None, True, True, False)),
            stopped_servers=self._random.choice((None, "always", "when-running")),
            scale_retries=self._random.choice((None, 0, 5, 99)),
        )

    def _gone(self) -> Command:
        return DeleteFromCatalogue(kind=self._random.choice(_KINDS), id=self._id())
