"""The fields that bodies, paths and queries share, each with its bounds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import PathParameter, QueryParameter

from adapters.http.gateway import body
from adapters.http.gateway.authentication import LONGEST_ID
from adapters.texts import PLAIN, PRINTABLE, PRINTABLE_OR_EMPTY, TRAIT
from domain.shared.size import Size

Project = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID, pattern=PLAIN)]
ProjectPath = Annotated[
    str, PathParameter(max_length=255, pattern=PLAIN, description="The project's id.")
]
UserPath = Annotated[
    str, PathParameter(max_length=255, pattern=PRINTABLE, description="The user's id.")
]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=PRINTABLE)]
Reason = Annotated[
    str,
    msgspec.Meta(max_length=1000, pattern=PRINTABLE_OR_EMPTY, description="Why, for the history."),
]
_Trait = Annotated[str, msgspec.Meta(pattern=TRAIT)]
Traits = Annotated[tuple[_Trait, ...], msgspec.Meta(max_length=256, description="os-traits names.")]
Why = Annotated[
    str,
    QueryParameter(
        max_length=1000, pattern=PRINTABLE_OR_EMPTY, description="Why, for the history."
    ),
]
Vcpus = Annotated[int, msgspec.Meta(ge=1, le=4096, description="vCPUs.")]
MemoryMib = Annotated[int, msgspec.Meta(ge=1, le=2**26, description="Memory in MiB.")]
VcpusQuery = Annotated[int, QueryParameter(ge=1, le=4096, description="vCPUs.")]
MemoryMibQuery = Annotated[int, QueryParameter(ge=1, le=2**26, description="Memory in MiB.")]
After = Annotated[
    int | None,
    QueryParameter(ge=0, le=2**63 - 1, description="Not before this position of the log is seen."),
]
ProjectQuery = Annotated[
    str | None, QueryParameter(max_length=255, pattern=PLAIN, description="Only this project's.")
]
HostQuery = Annotated[
    str | None, QueryParameter(max_length=255, pattern=PRINTABLE, description="Only this host's.")
]
HostPath = Annotated[
    str, PathParameter(max_length=255, pattern=PRINTABLE, description="The host's name.")
]
ServerQuery = Annotated[UUID | None, QueryParameter(description="Only this server's.")]


class SizeBody(body.Body, frozen=True, kw_only=True):
    vcpus: Vcpus
    memory_mib: MemoryMib

    def size(self) -> Size:
        return Size(self.vcpus, self.memory_mib)


class WhyBody(body.Body, frozen=True, kw_only=True):
    """Of what needs nothing but a reason."""

    reason: Reason = ""
