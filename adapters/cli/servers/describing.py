"""``ullage server set``: what is said of a server, and whether it may be scaled at all."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import entries, finding
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.options import Json, ReasonOption, ServerArgument

MetadataOption = Annotated[
    list[str] | None, Parameter(name="--metadata", help="Metadata, as tier=web; may be repeated.")
]


def change(
    server: ServerArgument,
    /,
    *,
    scalable: Annotated[
        bool | None, Parameter(negative="--no-scalable", help="Whether the server may be scaled.")
    ] = None,
    name: Annotated[str | None, Parameter(help="Name.")] = None,
    description: Annotated[str | None, Parameter(help="Description; '' removes it.")] = None,
    metadata: MetadataOption = None,
    unset: Annotated[
        list[str] | None, Parameter(name="--unset", help="Metadata to remove; may be repeated.")
    ] = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays. A server may be scaled if region, flavor, image and its own flag say
    so."""
    said = entries.given(
        name=name, metadata=entries.changes(metadata, unset) if metadata or unset else None
    )
    if description is not None:
        said["description"] = description or None
    if not said and scalable is None:
        raise Stopped(
            "Nothing to change: give --name, --description, --metadata, --unset or --scalable."
        )
    api = connected()
    id_ = finding.server(api, server)
    answer = _say(api, id_, said, reason) if said else {}
    answer = _flag(api, id_, scalable, reason) if scalable is not None else answer
    if as_json:
        showing.document(answer)
        return
    if said:
        showing.out().print(showing.text(f"{server} is changed."))
    if scalable is not None:
        _tell(server, scalable=scalable)


def _say(api: Api, server: UUID, said: Document, reason: str) -> Document:
    found: Document = api.patch(f"/v1/servers/{server}", said | {"reason": reason})
    return found


def _flag(api: Api, server: UUID, scalable: bool, reason: str) -> Document:
    body = {"scalable": scalable, "reason": reason}
    found: Document = api.put(f"/v1/servers/{server}/scalable", body)
    return found


def _tell(server: str, *, scalable: bool) -> None:
    if scalable:
        showing.out().print(f"{server} may be scaled, as far as flavor, image and region let it.")
    else:
        showing.out().print(f"{server} may not be scaled.")
