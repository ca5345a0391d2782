"""The one assessment of a scale: what stands against it, in order, and how it would go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_fields
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from domain.catalogue import scalability
from domain.catalogue.image import MemoryTooSmall
from domain.catalogue.region_policy import RegionRules
from domain.hosts.view import HostsView
from domain.quota import QuotaPath
from domain.scaling.nearest import within_limits
from domain.scaling.route import Route, choose_route, resize_route
from domain.server import Consent, FlavorTerms, Server, resizing, scaling
from domain.shared.errors import NoValidHost, QuotaExceeded, Refused
from domain.shared.size import Size


class Resize(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of another flavor. ``min_memory_mib``: what the server's image needs (MiB)."""

    terms: FlavorTerms
    min_memory_mib: int = 0


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """A change of size that may be asked for, and all that bears on it.

    ``version``: the server's. ``resize``: the size comes with another flavor.
    """

    server: Server
    to: Size
    quota: QuotaPath
    hosts: HostsView
    rules: RegionRules = RegionRules()
    version: int = 0
    resize: Resize | None = None


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a scale can be, and how it would go.

    ``obstacles`` stand against it whatever is consented to, the firmest first; without any there is
    a ``route``. ``needs``: why it does not go live; each goes away with the consent that it names.
    """

    scale: Scale
    obstacles: tuple[Refused, ...]
    needs: tuple[Refused, ...]
    route: Route | None

    def answer(self, consent: Consent) -> Route | Refused:
        """The route for a caller with that consent, or the first obstacle, with the size that
        would fit."""
        if self.route is None:
            return self._with_fit(self.obstacles[0])
        return self.route if self.route.consented(consent) else self.needs[0]

    def nearest(self) -> Size | None:
        """The size nearest to the one asked for that would be accepted now without any consent.

        None: no size is between that and the one that the server has.
        """
        scale = self.scale
        if scale.resize:
            return None
        if self.needs_no_consent():
            return scale.to
        size = within_limits(scale.server, scale.to, scale.quota, scale.hosts)
        if size == scale.server.size:
            return None
        # That each limit lets it pass is not all: nothing else may stand against it.
        return size if assess(replace(scale, to=size)).needs_no_consent() else None

    def needs_no_consent(self) -> bool:
        """Whether it can be done without any consent."""
        return self.route is not None and self.route.consented("live")

    def version(self) -> str:
        """The name of the route; the same for as long as the scale would go the same way."""
        return plan_version(self.scale.version, self.scale.to, self.route)

    def _with_fit(self, first: Refused) -> Refused:
        if isinstance(first, QuotaExceeded | NoValidHost):
            return with_fields(first, would_fit=self.nearest())
        return first


def assess(scale: Scale) -> Assessment:
    """Assess a scale: the ceiling before the quota, the quota before capacity, then what needs
    consent.

    Hosts are not looked at for a caller who may not have the size.
    """
    server, to = scale.server, scale.to
    obstacles = [*_rules(scale)]
    if short := scale.quota.shortages(scaling.growth(server, to)):
        obstacles.append(QuotaExceeded(project=server.project, shortages=short))
    limits = () if scale.resize else tuple(scaling.live_obstacles(server, to))
    if obstacles:
        return Assessment(scale=scale, obstacles=(*obstacles,), needs=limits, route=None)
    route = _route(scale, limits)
    if isinstance(route, NoValidHost):
        return Assessment(scale=scale, obstacles=(route,), needs=limits, route=None)
    return Assessment(scale=scale, obstacles=(), needs=route.needs, route=route)


def plan_version(server_version: int, to: Size, route: Route | None) -> str:
    """The same as long as the server and the way to its new size are the same."""
    way = f"{route.mode}/{route.to_host}" if route else "/"
    told = f"{to.vcpus}/{to.memory_mib}/{way}"
    return f"{server_version}-{sha256(told.encode()).hexdigest()[:8]}"


def _rules(scale: Scale) -> Iterator[Refused]:
    if (resize := scale.resize) is None:
        yield from scaling.obstacles(scale.server, scale.to, _closed(scale.server, scale.rules))
        return
    yield from resizing.obstacles(scale.server, resize.terms)
    if scale.to.memory_mib < resize.min_memory_mib:
        yield MemoryTooSmall(memory_mib=scale.to.memory_mib, least=resize.min_memory_mib)


def _closed(server: Server, rules: RegionRules) -> tuple[str, ...]:
    """The flags that forbid scaling. A server adopted without flavor or image has none of those."""
    spec = server.spec
    return scalability.closed(
        region=rules.scaling,
        flavor=spec.flavor is None or spec.flavor.scalable,
        image=spec.image is None or spec.image.scalable,
        server=server.scalable,
    )


def _route(scale: Scale, limits: tuple[Refused, ...]) -> Route | NoValidHost:
    if scale.resize:
        return resize_route(scale.server, scale.resize.terms, scale.hosts)
    return choose_route(scale.server, scale.to, scale.hosts, limits=limits)
