"""Nova's own word for how its API answers: the schemas of the Nova that is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

_EXTRACT = Path(__file__).with_name("extract_nova_schemas.py")
_LAST = 2
_FORMATS = FormatChecker(("ipv4", "ipv6", "uuid"))
"""Where one of several forms is asked for, they have to be told apart."""


def check(method: str, path: str, at: str, answer: Any, action: str = "") -> None:
    """That an answer is one which Nova could give in that microversion. ``path`` as after
    ``/v2.1``, with its ids; ``answer`` None where there is no body."""
    schema = of(method, path, at, action)
    validator = Draft202012Validator(schema, format_checker=_FORMATS)
    errors = [error.message for error in validator.iter_errors(answer)]
    assert not errors, f"{method} {path} at {at}: {errors}"


def of(method: str, path: str, at: str, action: str = "") -> Any:
    """The schema by which Nova answers it."""
    key = f"{method} {_template(path.partition('?')[0])}{'#' if action else ''}{action}"
    minor = int(at.partition(".")[_LAST])
    (schema,) = (schema for since, until, schema in _known()[key] if since <= minor <= until)
    return schema


def _template(path: str) -> str:
    """Nova's path for a concrete one: that with the fewest parameters in it."""
    templates = {key.partition(" ")[_LAST].partition("#")[0] for key in _known()}
    fitting = [t for t in templates if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), path)]
    return min(fitting, key=lambda template: template.count("{"))


@cache
def _known() -> dict[str, list[tuple[int, int, Any]]]:
    command = [sys.executable, "-W", "ignore", str(_EXTRACT)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    known: dict[str, list[tuple[int, int, Any]]] = json.loads(told.stdout)
    return known
