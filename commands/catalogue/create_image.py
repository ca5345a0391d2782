"""Create an image that servers may be built from."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import begun, find
from domain.catalogue.image import Image, ImageExists, ImageSettings


class ImageRecorded(Reply, frozen=True, kw_only=True):
    """The image as it is now, without its template. Memory in MiB."""

    id: str
    name: str
    properties: dict[str, str]
    scalable: bool
    min_memory_mib: int
    version: int


class CreateImage(Command, frozen=True, kw_only=True):
    """Create an image; ``template`` is the libvirt domain XML of its servers.

    Raises ImageExists, PropertyInvalid.
    """

    image: str
    settings: ImageSettings
    template: str
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the image; an id that was deleted may be used again."""
        if find(log, Image, self.image):
            raise ImageExists(image=self.image)
        created = Image.create(self.settings, template=self.template, reason=self.reason)
        changes = begun(log, Image, self.image, created)
        return Decision(changes, recorded(self.image, Image.begin(created), changes[-1].version))


def recorded(id: str, image: Image, version: int) -> ImageRecorded:
    """The reply about an image that was created or changed."""
    return ImageRecorded(
        id=id,
        name=image.name,
        properties=dict(sorted(image.properties.items())),
        scalable=image.scalable,
        min_memory_mib=image.min_memory_mib,
        version=version,
    )
