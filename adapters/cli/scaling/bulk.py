"""``ullage scale-many``: many servers by one request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from adapters.cli.kit import show
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import DONE, Stopped, code_of
from adapters.cli.kit.options import Json, KeyOption, ReasonOption

_File = Annotated[
    str, Parameter(help="JSON: a list of scales, or one a line; - reads the standard input.")
]


def scale_many(
    file: _File,
    /,
    *,
    all_or_nothing: Annotated[bool, Parameter(help="If one is refused, scale none.")] = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """A scale is {"server": ID or name, "vcpus": 4, "memory_mib": 8192}, with "consent" and "plan"
    as of a single one. Exits as the first that was refused."""
    api = connected()
    body = {
        "scales": [_named(api, one) for one in _scales(_read(file))],
        "all_or_nothing": all_or_nothing,
        "reason": reason,
    }
    answered = api.post("/v1/scales", body, key=idempotency_key)
    if as_json:
        show.document(answered)
    else:
        _print(answered)
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
    return scale | {"server": str(api.server(server))}


def _print(answered: Document) -> None:
    table = show.table("ID", "Operation, or why not")
    for one in answered["scales"]:
        accepted, problem = one["accepted"], one["problem"]
        said = show.text(accepted["operation"] if accepted else problem["detail"])
        said.stylize("" if accepted else "red")
        table.add_row(one["server"], said)
    show.out().print(table)
