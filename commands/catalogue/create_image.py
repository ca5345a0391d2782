"""Make an image from which servers may be built."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import begun, find
from domain.catalogue.image import Image, ImageExists, ImageSettings


class ImageRecorded(Reply, frozen=True, kw_only=True):
    """The image as it is now, without its template."""

    id: str
    name: str
    properties: dict[str, str]
    scalable: bool
    min_memory_mib: int
    version: int


class CreateImage(Command, frozen=True, kw_only=True):
    """Raises ImageExists, PropertyInvalid."""

    image: str
    settings: ImageSettings
    template: str
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        if find(log, Image, self.image):
            raise ImageExists(image=self.image)
        created = Image.create(self.settings, template=self.template, reason=self.reason)
        changes = begun(log, Image, self.image, created)
        return Decision(changes, recorded(self.image, Image.begin(created), changes[-1].version))


def recorded(id: str, image: Image, version: int) -> ImageRecorded:
    return ImageRecorded(
        id=id,
        name=image.name,
        properties=dict(sorted(image.properties.items())),
        scalable=image.scalable,
        min_memory_mib=image.min_memory_mib,
        version=version,
    )
