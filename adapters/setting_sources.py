"""Where settings stand: a TOML file, and the environment, which goes before it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters.setting_texts import PREFIX


class SourceInvalid(Exception):
    """The file or a variable cannot be read. Its text says which, and why."""


def given_to(into: type[msgspec.Struct], environ: Mapping[str, str]) -> dict[str, object]:
    """What is given by name, unchecked. Raises SourceInvalid."""
    return _file(environ.get(f"{PREFIX}CONFIG")) | _environment(environ, into)


def _file(path: str | None) -> dict[str, object]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise SourceInvalid(f"{path}: {e}") from e


def _environment(environ: Mapping[str, str], into: type[msgspec.Struct]) -> dict[str, object]:
    """What is a table, hosts and quota, stands in the environment as JSON."""
    fields = {f"{PREFIX}{name.upper()}": name for name in into.__struct_fields__}
    return {
        fields[key]: _value(key, text) for key, text in environ.items() if key in fields and text
    }


def _value(key: str, text: str) -> object:
    if not text.startswith("{"):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as e:
        raise SourceInvalid(f"{key}: {e}") from e
