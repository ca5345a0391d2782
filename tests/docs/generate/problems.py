"""The page of problems: what each type means, how it reads, what it tells, and what to do."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass

from adapters.http.gateway.statuses import STATUS
from domain.shared.refusal import kind_of
from tests.docs.generate.remedies import REMEDIES
from tests.texts.refusals import REFUSALS


def page() -> str:
    return "\n".join(map(_section, sorted(STATUS, key=kind_of)))


def meaning(kind: type[Exception]) -> str:
    """The first paragraph of its docstring, if it has one of its own."""
    said = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    made = is_dataclass(kind) and said.startswith(f"{kind.__name__}(")
    return "" if made else " ".join(said.replace("``", "`").split())


def _section(kind: type[Exception]) -> str:
    parts = [f"## {kind_of(kind)}", f"Status {STATUS[kind]}. {meaning(kind)}".strip()]
    examples = [f"> {one}" for one in REFUSALS if type(one) is kind][:1]
    members = f"Members: {', '.join(named)}." if (named := _members(kind)) else ""
    parts += [*examples, members, f"*What to do:* {REMEDIES.get(kind_of(kind), '')}"]
    return "\n\n".join(filter(None, parts)) + "\n"


def _members(kind: type[Exception]) -> list[str]:
    return [f"`{field.name}`" for field in fields(kind)] if is_dataclass(kind) else []
