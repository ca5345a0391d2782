"""What a fact of the history changed, in a few words."""

from __future__ import annotations

from typing import Any

from adapters.cli.kit import show
from adapters.cli.kit.client import Document
from domain.shared.resources import RESOURCES

# Of a quota, of a host: in this order, which the history's own does not keep.
_AMOUNTS = (*RESOURCES, "vcpus", "memory_mib")


def change(entry: Document) -> str:  # noqa: PLR0911 (one line a kind of fact)
    body: Document = entry["body"]
    if "amounts" in body:
        return _amounts(body, "-" if entry["kind"].endswith("released") else "+")
    match entry["kind"]:
        case "server.migrated":
            return f"{body['was']} → {body['host']}"
        case "server.power-requested":
            return str(body["power"])
        case "server.power-changed":
            return f"{body['was']} → {body['power']}"
        case "server.drift-observed":
            return _drift(body)
        case "server.scale-requested" if body.get("to_host"):
            return f"{_moved(body['was'], body['to'])}, on {body['to_host']}"
        case "host.read":
            return show.size(body["capacity"])
        case "host.terms-changed":
            return _moved(body["was"], body["terms"])
    return _moved(entry["was"], entry["to"])


def _amounts(body: Document, sign: str) -> str:
    moved, used = body["amounts"], body.get("used") or body["below"]
    return ", ".join(f"{n} {sign}{moved[n]} → {used[n]}" for n in _AMOUNTS if moved.get(n))


def _drift(body: Document) -> str:
    if body["drift"] is None:
        return "again as recorded"
    seen = body["drift"]["seen"]
    if seen is None:
        return "not on its host any more"
    return f"{_moved(body['was'], seen['size'])}, {seen['power']} on {seen['host']}"


def _moved(was: Any, to: Any) -> str:
    if _settings(was) and _settings(to):
        changed = (name for name in to if was.get(name) != to[name])
        return ", ".join(_field(name, was.get(name), to[name]) for name in changed)
    return f"{_value(was)} → {_value(to)}" if was else _value(to)


def _field(name: str, was: Any, to: Any) -> str:
    if _settings(was) and _settings(to):
        return f"{name}: {_moved(was, to)}"
    return f"{name} {was} → {to}"


def _settings(value: Any) -> bool:
    """Fields of which each is changed for itself; neither a size nor amounts of resources."""
    return isinstance(value, dict) and not {"memory_mib", *RESOURCES} & value.keys()


def _value(value: Any) -> str:
    """A size, or amounts of resources; of what says neither, nothing."""
    if value is None:
        return ""
    if not isinstance(value, dict):
        return str(value)
    if "memory_mib" in value:
        return show.size(value)
    return ", ".join(f"{name} {value[name]}" for name in RESOURCES if name in value)
