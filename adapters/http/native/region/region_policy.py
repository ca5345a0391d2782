"""/v1/region/policy: what the operators of the region allow, for all of its servers."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, reply, told
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.entries import given
from adapters.http.native.fields import After, Reason
from commands.placement.set_region_policy import PolicyRecorded, SetRegionPolicy, recorded
from domain.catalogue.region_policy import MOST_RETRIES, POLICY, RegionPolicy, StoppedServers

_Retries = Annotated[int, msgspec.Meta(ge=0, le=MOST_RETRIES)]


class PolicyBody(body.Body, frozen=True, kw_only=True):
    """What is not named stays. ``scaling``: servers may be scaled. ``stopped_servers``: whether
    their cores and ram count against the quota. ``scale_retries``: other hosts that are tried."""

    scaling: bool | UnsetType = UNSET
    stopped_servers: StoppedServers | UnsetType = UNSET
    scale_retries: _Retries | UnsetType = UNSET
    reason: Reason = ""


@get("/v1/region/policy", name="show_region_policy")
async def show_region_policy(
    region: NamedDependency[Region], after: After = None
) -> Response[PolicyRecorded]:
    """The policy in force; version 0 where nobody has set one."""
    await reach(region.readside, after)
    row = region.readside.models.catalogue.get(RegionPolicy, POLICY)
    rules, version = (row.state, row.version) if row else (RegionPolicy(), 0)
    return Response(recorded(rules, version), headers=etag(version))


@put("/v1/region/policy", name="set_region_policy")
async def set_region_policy(request: Asking, region: NamedDependency[Region]) -> Response[bytes]:
    """Set the policy, in part or whole."""
    asked = await body.read(request, PolicyBody)
    command = SetRegionPolicy(
        scaling=given(asked.scaling),
        stopped_servers=given(asked.stopped_servers),
        scale_retries=given(asked.scale_retries),
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, PolicyRecorded).version))
