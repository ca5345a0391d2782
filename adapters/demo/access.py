"""How people come in: a file for each of the demo's roles, to be sourced, and OpenStack's."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters.demo.database import TokenNames

CLOUDS = "clouds.yaml"
"""As the clients of OpenStack look for it; JSON is YAML, too."""


def write(
    folder: Path, tokens: TokenNames, *, api: str, dsn: str, clouds: Mapping[str, object]
) -> None:
    """A file for each, readable by us alone; their tokens end with the demo. ``clouds``: the
    entries of a clouds.yaml, which is written where there are any."""
    ours = {"ULLAGE_API": api}
    _write(folder / "ada.env", _exports(ours | {"ULLAGE_TOKEN": tokens.member}))
    _write(folder / "auditor.env", _exports(ours | {"ULLAGE_TOKEN": tokens.auditor}))
    # An operator reads and makes tokens in the database itself.
    operator = {"ULLAGE_TOKEN": tokens.operator, "ULLAGE_DSN": dsn}
    _write(folder / "operator.env", _exports(ours | operator))
    (folder / CLOUDS).unlink(missing_ok=True)
    if clouds:
        document = msgspec.json.format(msgspec.json.encode({"clouds": clouds})).decode()
        _write(folder / CLOUDS, f"{document}\n")


def _exports(environment: Mapping[str, str]) -> str:
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())


def _write(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
