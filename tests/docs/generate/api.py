"""The page of the native API: every route, who may use it, what it takes and answers."""

from __future__ import annotations

from itertools import groupby

from tests.docs.generate import schema
from tests.docs.generate.routes import routed
from tests.docs.generate.sources import Document, Operation, operations
from tests.docs.markdown import table

_JSON = "application/json"


def page(document: Document) -> str:
    schemas = document["components"]["schemas"]
    sections = [
        f"## {subject}\n\n" + "\n".join(_operation(one, schemas) for one in of)
        for subject, of in groupby(operations(document), key=_subject)
    ]
    shown = _bodies(document)
    used = {n: of for n, of in sorted(schemas.items()) if n not in shown and _is_object(n, of)}
    values = [f"### {name}\n\n{_object(one)}" for name, one in used.items()]
    return "\n".join([*sections, "## Objects\n", *values]).replace("``", "`")


def _subject(operation: Operation) -> str:
    parts = operation.path.strip("/").split("/")
    return f"/v1/{parts[1]}" if parts[0] == "v1" and len(parts) > 1 else "Others"


def _operation(operation: Operation, schemas: Document) -> str:
    described = operation.described
    said = described.get("description") or described.get("summary", "")
    roles = routed()[operation.id].roles or "everybody"
    parts = [
        f"### {operation.method.upper()} {operation.path}",
        f"`{operation.id}`, for {roles}. {' '.join(said.split())}",
        _parameters(described.get("parameters", [])),
        _body(described, schemas),
        f"Answers {_answers(described)}.",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _parameters(parameters: list[Document]) -> str:
    rows = [
        (
            f"`{one['name']}`",
            one["in"],
            schema.kind(one.get("schema", {})),
            "yes" if one.get("required") else "",
            one.get("description", ""),
        )
        for one in parameters
    ]
    return table(("parameter", "in", "kind", "required", "meaning"), rows) if rows else ""


def _bodies(document: Document) -> set[str]:
    """Those that are told of where they are taken."""
    taken = (one.described.get("requestBody") for one in operations(document))
    return {schema.name_of(body["content"][_JSON]["schema"]) for body in taken if body}


def _is_object(name: str, of: Document) -> bool:
    """Pages are told of where they are answered."""
    return bool(of.get("properties")) and not name.startswith(schema.PAGE)


def _body(described: Document, schemas: Document) -> str:
    if "requestBody" not in described:
        return ""
    body = described["requestBody"]["content"][_JSON]["schema"]
    name = schema.name_of(body)
    return f"Body `{name}`:\n\n{_object(schemas[name])}" if name else f"Body: {schema.kind(body)}."


def _object(of: Document) -> str:
    said = " ".join(of.get("description", "").split())
    rows = [(f"`{one.name}`", one.kind, one.default) for one in schema.fields(of)]
    return "\n\n".join(filter(None, [said, table(("field", "kind", "default"), rows)]))


def _answers(described: Document) -> str:
    return ", ".join(
        f"{code} {schema.kind(answer['content'][_JSON]['schema'])}"
        if _JSON in answer.get("content", {})
        else code
        for code, answer in sorted(described["responses"].items())
        if code != "default"
    )
