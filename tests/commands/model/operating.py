"""Rules: what the operators of a region set."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.change_image import ChangeImage
from commands.placement.read_host import ReadHost
from commands.placement.set_host_terms import SetHostTerms
from commands.placement.set_region_policy import SetRegionPolicy
from commands.quotas.set_quota import SetQuota
from commands.scaling.declare_ceiling import DeclareCeiling
from commands.scaling.flag_server import FlagServer
from tests.commands.model.accounts import Machine
from tests.commands.model.catalogue import FLAVORS, IMAGES
from tests.commands.model.machine import HOSTS, PROJECTS, USERS, Region, one_of, terms
from tests.commands.model.world import Room

PICK = st.integers(0, 11)
PROJECT, HOST = st.sampled_from(PROJECTS), st.sampled_from(sorted(HOSTS))
USER = st.sampled_from(["", *USERS])
CEILING = st.sampled_from([Room(9, 9216)] * 4 + [Room(4, 6144), None])
MOSTLY = st.sampled_from([True] * 9 + [False])


class Operating(Region):
    @rule(
        project=PROJECT,
        instances=st.integers(-1, 4),
        cores=st.integers(-1, 16),
        ram=st.integers(-1, 24).map(lambda n: n * 1024 if n > 0 else n),
        groups=st.integers(-1, 2),
    )
    def set_quota(self, project: str, instances: int, cores: int, ram: int, groups: int) -> None:
        limits = {"instances": instances, "cores": cores, "ram": ram, "server_groups": groups}
        self.ask(SetQuota(project=project, limits=dict(limits), force=True))
        self.books.limits.own[project] = limits

    @rule(scaling=MOSTLY, always=st.booleans(), retries=st.integers(0, 3))
    def set_policy(self, *, scaling: bool, always: bool, retries: int) -> None:
        self.ask(
            SetRegionPolicy(
                scaling=scaling,
                stopped_servers="always" if always else "when-running",
                scale_retries=retries,
            )
        )
        self.books.scaling, self.books.stopped_count = scaling, always
        self.books.retries = retries

    @rule(
        name=HOST,
        room=st.builds(Room, st.integers(2, 12), st.integers(2, 24).map(lambda n: n * 1024)),
        ratio=st.sampled_from([0.5, 1.0, 2.0]),
        enabled=MOSTLY,
        pool=st.sampled_from(["default", "default", "other"]),
        zone=st.sampled_from(["nova", "nova", "nowhere"]),
    )
    def set_host(
        self, name: str, room: Room, ratio: float, pool: str, zone: str, *, enabled: bool
    ) -> None:
        """What is above it stays, and takes nothing more."""
        host = Machine(room, cpu_ratio=ratio, pool=pool, zone=zone, enabled=enabled)
        self.books.hosts[name] = host
        self.ask(
            ReadHost(host=name, capacity=room.size, traits=(), hypervisor="KVM"),
            SetHostTerms(host=name, terms=terms(host)),
        )

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, scalable=MOSTLY, ceiling=CEILING)
    def set_server(self, pick: int, ceiling: Room | None, *, scalable: bool) -> None:
        server = one_of(self.alive(), pick)
        one = self.books.servers[server]
        self.ask(
            FlagServer(server=server, scalable=scalable),
            DeclareCeiling(server=server, ceiling=ceiling and ceiling.size),
        )
        one.closed = (one.closed - {"server"}) | (set() if scalable else {"server"})
        if ceiling != one.ceiling:
            one.ceiling, one.fixed = ceiling, set()

    @rule(name=st.sampled_from([*FLAVORS, *IMAGES]), scalable=MOSTLY)
    def change_catalogue(self, name: str, *, scalable: bool) -> None:
        """Of what is built from now on; what is built stays as it was asked for."""
        if name in FLAVORS:
            self.ask(ChangeFlavor(flavor=name, scalable=scalable))
        else:
            self.ask(ChangeImage(image=name, scalable=scalable))
        self.catalogue.closed.discard(name)
        self.catalogue.closed |= set() if scalable else {name}
