"""/v1/region/policy: what the operators of the region allow, for all of its servers."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, etag, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.entries import given
from adapters.http.native.fields import After, Reason
from adapters.http.native.routes import get, put
from commands.command import Command
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


@get("/v1/region/policy", may="see")
async def show_region_policy(reads: Reads, after: After = None) -> Response[PolicyRecorded]:
    """The policy in force; version 0 where nobody has set one."""
    await reads.reach(after)
    row = reads.models.catalogue.get(RegionPolicy, POLICY)
    rules, version = (row.state, row.version) if row else (RegionPolicy(), 0)
    return Response(recorded(rules, version), headers=etag(version))


@put("/v1/region/policy", may="operate", reply=PolicyRecorded)
async def set_region_policy(request: Asking, asked: PolicyBody) -> Command:
    """Set the policy, in part or whole."""
    return SetRegionPolicy(
        scaling=given(asked.scaling),
        stopped_servers=given(asked.stopped_servers),
        scale_retries=given(asked.scale_retries),
        expected=expected_version(request),
        reason=asked.reason,
    )
