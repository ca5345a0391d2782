"""Create a flavor that servers may be built with."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import begun, find
from domain.catalogue.flavor import Flavor, FlavorExists, FlavorSettings


class FlavorRecorded(Reply, frozen=True, kw_only=True):
    """The flavor as it is now. Memory and swap in MiB, disks in GiB.

    ``access``: the projects that see a flavor that is not public.
    """

    id: str
    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int
    extra_specs: dict[str, str]
    scalable: bool
    public: bool
    description: str
    version: int
    swap_mib: int = 0
    ephemeral_gib: int = 0
    rxtx_factor: float = 1.0
    access: tuple[str, ...] = ()


class CreateFlavor(Command, frozen=True, kw_only=True):
    """Create a flavor. Memory and swap in MiB, disks in GiB.

    Raises FlavorExists, ExtraSpecInvalid.
    """

    flavor: str
    name: str
    vcpus: int
    memory_mib: int
    disk_gib: int = 0
    settings: FlavorSettings = FlavorSettings()
    reason: str = ""
    swap_mib: int = 0
    ephemeral_gib: int = 0
    rxtx_factor: float = 1.0

    def decide(self, log: Log) -> Decision:
        """Record the flavor; an id that was deleted may be used again."""
        if find(log, Flavor, self.flavor):
            raise FlavorExists(flavor=self.flavor)
        created = Flavor.create(
            name=self.name,
            vcpus=self.vcpus,
            memory_mib=self.memory_mib,
            disk_gib=self.disk_gib,
            swap_mib=self.swap_mib,
            ephemeral_gib=self.ephemeral_gib,
            rxtx_factor=self.rxtx_factor,
            settings=self.settings,
            reason=self.reason,
        )
        changes = begun(log, Flavor, self.flavor, created)
        return Decision(changes, recorded(self.flavor, Flavor.begin(created), changes[-1].version))


def recorded(id: str, flavor: Flavor, version: int) -> FlavorRecorded:
    """The reply about a flavor that was created or changed."""
    return FlavorRecorded(
        id=id,
        name=flavor.name,
        vcpus=flavor.vcpus,
        memory_mib=flavor.memory_mib,
        disk_gib=flavor.disk_gib,
        extra_specs=dict(sorted(flavor.extra_specs.items())),
        scalable=flavor.scalable,
        public=flavor.public,
        description=flavor.description,
        version=version,
        swap_mib=flavor.swap_mib,
        ephemeral_gib=flavor.ephemeral_gib,
        rxtx_factor=flavor.rxtx_factor,
        access=flavor.access,
    )
