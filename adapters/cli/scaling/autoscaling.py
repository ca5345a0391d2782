"""``ullage autoscaling`` and ``ullage recommend``: an autoscaler's rules, and its word."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from adapters.cli.kit import finding, sizes
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import AWAY, DONE, REFUSED, Stopped, code_of
from adapters.cli.kit.entries import IfMatchOption, given
from adapters.cli.kit.options import Json, KeyOption, ReasonOption, ServerArgument

_Memory = Annotated[
    int | None,
    Parameter(converter=sizes.from_tokens, metavar="SIZE", help="Memory, as 768MiB or 1.5GiB."),
]
_AllMemory = Annotated[
    int, Parameter(converter=sizes.from_tokens, metavar="SIZE", help="Memory, as 1.5GiB.")
]
_DeadBand = Annotated[int | None, Parameter(help="Percent; smaller changes are ignored.")]
_CoolDown = Annotated[int | None, Parameter(help="Seconds to wait between two changes.")]
_Count = Annotated[int | None, Parameter(help="vCPUs.")]


def show(server: ServerArgument, /, *, as_json: Json = False) -> None:
    api = connected()
    _print(api.get(_path(api, server)), as_json=as_json)


def change(
    server: ServerArgument,
    /,
    *,
    least_vcpus: _Count = None,
    least_memory: _Memory = None,
    most_vcpus: _Count = None,
    most_memory: _Memory = None,
    dead_band: _DeadBand = None,
    cool_down: _CoolDown = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays as it was set."""
    api = connected()
    path = _path(api, server)
    now = api.get(path)
    rules: Document = now["autoscaling"] or {}
    body = rules | given(
        least=_bound("least", rules, least_vcpus, least_memory),
        most=_bound("most", rules, most_vcpus, most_memory),
        dead_band_percent=dead_band,
        cool_down_seconds=cool_down,
    )
    # Decided on what it was, so nobody else's change is lost.
    version = now["version"] if if_match is None else if_match
    api.put(path, body | {"reason": reason}, version=version)
    _print(api.get(path), as_json=as_json)


def unset(
    server: ServerArgument,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    api = connected()
    path = _path(api, server)
    api.delete(path, version=if_match, reason=reason)
    _print(api.get(path), as_json=as_json)


def recommend(
    server: ServerArgument,
    /,
    *,
    vcpus: Annotated[int, Parameter(help="vCPUs.")],
    memory: _AllMemory,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """Exits 0 if it was accepted or is no change, 5 if deferred, and as the scale if infeasible."""
    api = connected()
    body = {"vcpus": vcpus, "memory_mib": memory, "reason": reason}
    path = f"/v1/servers/{finding.server(api, server)}/recommendations"
    told = api.post(path, body, key=idempotency_key)
    if as_json:
        showing.document(told)
    else:
        _tell(told)
    return _code(told)


def _bound(name: str, rules: Document, vcpus: int | None, memory: int | None) -> Document:
    """Raises Stopped."""
    bound: Document = rules.get(name, {}) | given(vcpus=vcpus, memory_mib=memory)
    if len(bound) < 2:  # noqa: PLR2004 (both dimensions)
        raise Stopped(f"New rules need --{name}-vcpus and --{name}-memory.")
    return bound


def _code(told: Document) -> int:
    match told["answer"]:
        case "deferred":
            return AWAY
        case "infeasible":
            problem = told["problem"]
            return code_of(problem["type"], problem["status"]) if problem else REFUSED
        case _:
            return DONE


def _tell(told: Document) -> None:
    console = showing.out()
    console.print(f"{told['answer'].capitalize()}: {showing.size(told['to'])}", style="bold")
    rows = {
        "Bounded": "to the server's rules" if told["bounded"] else None,
        "Why": told["reason"],
        "Until (UTC)": showing.moment(told["until"]) if told["until"] else None,
        "Operation": told["operation"],
        "Would fit": showing.size(told["nearest"]) if told["nearest"] else None,
        "Known": "from before; nothing has changed since" if told["cached"] else None,
    }
    console.print(showing.facts(given(**rows)))


def _print(shown: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(shown)
        return
    rules, failed = shown["autoscaling"], shown["failed"]
    if rules is None:
        showing.out().print("No recommendations are taken for this server.")
        return
    rows = {
        "Least": showing.size(rules["least"]),
        "Most": showing.size(rules["most"]),
        "Dead band": f"{rules['dead_band_percent']} %",
        "Cool-down": showing.many(rules["cool_down_seconds"], "second"),
        "Cools until (UTC)": showing.moment(shown["cool_until"]),
        "Refused last": showing.size(failed["to"]) if failed else None,
        "Version": shown["version"],
    }
    showing.out().print(showing.facts(rows))


def _path(api: Api, server: str) -> str:
    return f"/v1/servers/{finding.server(api, server)}/autoscaling"
