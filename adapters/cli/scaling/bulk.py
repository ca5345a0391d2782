"""``ullage scale-many``: many servers by one request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from adapters.cli.kit import finding, show
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import DONE, Stopped, code_of
from adapters.cli.kit.options import Json, KeyOption, ReasonOption

_File = Annotated[
    str,
    Parameter(
        help="File with scales: a JSON list, or one JSON object a line; - reads standard input."
    ),
]


def scale_many(
    file: _File,
    /,
    *,
    all_or_nothing: Annotated[bool, Parameter(help="If one scale is refused, do none.")] = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """A scale is {"server": ID or name, "vcpus": 4, "memory_mib": 8192}, with "consent" and "plan"
    as of a single one. Exits as the first that was refused."""
    api = connected()
    scales = _scales(_read(file))
    body = {
        "scales": [_named(api, one) for one in scales],
        "all_or_nothing": all_or_nothing,
        "reason": reason,
    }
    answered = api.post("/v1/scales", body, key=idempotency_key)
    if as_json:
        show.document(answered)
    else:
        _print([one["server"] for one in scales], answered)
    problems = [one["problem"] for one in answered["scales"] if one["problem"]]
    return code_of(problems[0]["type"], problems[0]["status"]) if problems else DONE


def _read(file: str) -> bytes:
    """Raises Stopped."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as e:
        raise Stopped(f"{file} cannot be read: {e.strerror}.") from e


def _scales(content: bytes) -> list[Document]:
    """Raises Stopped."""
    try:
        read = _document(content)
        return msgspec.convert(read, list[dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError) as e:
        raise Stopped(f"That is no list of scales: {e}.") from e


def _document(content: bytes) -> Any:
    if content.lstrip().startswith(b"["):
        return msgspec.json.decode(content)
    return msgspec.json.Decoder().decode_lines(content)


def _named(api: Api, scale: Document) -> Document:
    """With the server's id. Raises Stopped."""
    if not isinstance(server := scale.get("server"), str):
        raise Stopped('Each scale must say which "server".')
    return scale | {"server": str(finding.server(api, server))}


def _print(asked: list[str], answered: Document) -> None:
    """``asked``: the servers as they were named, in the same order."""
    table = show.table("Server", "Operation, or why not")
    for name, one in zip(asked, answered["scales"], strict=True):
        accepted, problem = one["accepted"], one["problem"]
        said = show.text(accepted["operation"] if accepted else problem["detail"])
        said.stylize("" if accepted else "red")
        table.add_row(show.text(name), said)
    show.out().print(table)
