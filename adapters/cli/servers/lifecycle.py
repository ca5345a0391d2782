"""``ullage server build|start|stop|delete``: a server's life, each step an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from cyclopts import Parameter, Token

from adapters.cli import groups
from adapters.cli.kit import completing, entries, finding, following, show
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.entries import Named
from adapters.cli.kit.options import Json, KeyOption, ReasonOption, ServerArgument, Wait
from adapters.cli.servers.describing import MetadataOption

FlavorOption = Annotated[Named, Parameter(completer=completing.listed("/v1/flavors"))]
_Image = Annotated[Named, Parameter(completer=completing.listed("/v1/images"))]


class Hint(NamedTuple):
    name: str
    value: str


def _hint(_: object, tokens: Sequence[Token]) -> list[Hint]:
    """Raises ValueError."""
    return [_parsed(token.value) for token in tokens]


def _parsed(written: str) -> Hint:
    name, sign, value = written.partition("=")
    if not (name and sign):
        raise ValueError(f"{written!r} is no hint: write name=value.")
    return Hint(name, value)


_Hints = Annotated[
    list[Hint] | None,
    Parameter(
        name="--hint",
        converter=_hint,
        n_tokens=1,
        accepts_keys=False,
        help="Scheduler hint, as different_cell=1; may be repeated.",
    ),
]
_Traits = Annotated[
    list[str] | None,
    Parameter(
        name="--trait",
        help="Trait that the host must have, as HW_CPU_X86_AVX2; may be repeated.",
    ),
]


_Group = Annotated[
    str | None,
    Parameter(
        help="Server group: name, id, or the first digits of its id.",
        completer=completing.listed(groups.PATH),
    ),
]


def build(
    name: Annotated[str, Parameter(help="Name.")],
    /,
    *,
    flavor: FlavorOption,
    image: _Image,
    project: Annotated[
        str | None, Parameter(help="Project; needed with a token that sees all projects.")
    ] = None,
    zone: Annotated[str | None, Parameter(help="Only on hosts of this zone.")] = None,
    pool: Annotated[str | None, Parameter(help="Only on hosts of this pool.")] = None,
    traits: _Traits = None,
    hints: _Hints = None,
    group: _Group = None,
    description: Annotated[str | None, Parameter(help="Description.")] = None,
    metadata: MetadataOption = None,
    wait: Wait = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """Quota, host and ceiling are decided at once; the machine is built afterwards."""
    api = connected()
    body: Document = {
        "name": name,
        "flavor": entries.found(api, "/v1/flavors", flavor),
        "image": entries.found(api, "/v1/images", image),
        "traits": sorted(set(traits or ())),
        "hints": dict(hints or ()),
        "metadata": entries.entries(metadata),
        "reason": reason,
    }
    body |= entries.given(project=project, zone=zone, pool=pool, description=description)
    if group:
        body["group"] = entries.found(api, groups.PATH, group, project=project)
    accepted = api.post("/v1/servers", body, key=idempotency_key)
    if not (wait or as_json):
        _accepted(name, accepted)
    return following.accepted(api, accepted, wait, as_json=as_json)


def _accepted(name: str, accepted: Document) -> None:
    size, most = show.size(accepted["size"]), accepted["ceiling"]
    show.out().print(f"{name} ({accepted['server']}): {size} on {accepted['host']}")
    show.out().print(f"May grow to {show.size(most)}." if most else "May not be scaled.")


def start(
    server: ServerArgument,
    /,
    *,
    wait: Wait = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> int:
    return _power(server, "start", wait, reason, as_json=as_json)


def stop(
    server: ServerArgument,
    /,
    *,
    wait: Wait = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> int:
    """Asks the guest to shut down, and cuts its power if it does not."""
    return _power(server, "stop", wait, reason, as_json=as_json)


def delete(
    server: ServerArgument,
    /,
    *,
    wait: Wait = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> int:
    """Its quota is given back once the hypervisor has deleted it."""
    api = connected()
    accepted = api.delete(f"/v1/servers/{finding.server(api, server)}", reason=reason)
    return following.accepted(api, accepted, wait, as_json=as_json)


def _power(server: str, verb: str, wait: bool | float, reason: str, *, as_json: bool) -> int:
    api = connected()
    accepted = api.post(f"/v1/servers/{finding.server(api, server)}/{verb}", {"reason": reason})
    return following.accepted(api, accepted, wait, as_json=as_json)
