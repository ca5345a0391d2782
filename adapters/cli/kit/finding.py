"""One thing out of many, as people name it: by its name, its id, or how its id begins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from adapters.cli.kit.client import Api, Document
from adapters.cli.kit.ending import Stopped

_SERVERS = "/v1/servers"
_PREFIX = re.compile(r"[0-9a-fA-F]{4}[0-9a-fA-F-]{0,32}")


def server(api: Api, asked: str, *, as_of: str | None = None, deleted: bool = False) -> UUID:
    """The id of a server. A name goes before an id; ``deleted``: also one that is gone, where none
    that is there has the name. Raises Stopped."""
    if id_ := _whole(asked):
        return id_
    found = _servers(api, name=asked, as_of=as_of)
    if not found and not as_of and _PREFIX.fullmatch(asked):
        found = _servers(api, prefix=asked)
    if not found and deleted:
        found = _servers(api, name=asked, deleted="true")
    return UUID(only(found, "server", asked)["id"])


def listed(api: Api, path: str, what: str, asked: str) -> UUID:
    """The id of one of the list at ``path`` by how it begins. Raises Stopped."""
    if id_ := _whole(asked):
        return id_
    if not _PREFIX.fullmatch(asked):
        raise Stopped(
            f"'{asked}' is no {what}: give its id, or the first 4 or more digits of it; "
            f"see `ullage {what} list`."
        )
    return UUID(only(api.page(path, limit=2, prefix=asked)["items"], what, asked)["id"])


def begins(id_: str, asked: str) -> bool:
    """Whether this is the beginning of that id, and long enough for one."""
    return bool(_PREFIX.fullmatch(asked)) and id_.startswith(asked.lower())


def only(found: Iterable[Document], what: str, asked: str) -> Document:
    """The one that was found. Raises Stopped."""
    all_ = list(found)
    if len(all_) == 1:
        return all_[0]
    if not all_:
        raise Stopped(f"There is no {what} {asked}: see `ullage {what} list`.")
    ids = ", ".join(str(one["id"]) for one in all_)
    raise Stopped(f"More than one {what} is called {asked}; give the id of one: {ids}")


def _servers(api: Api, **query: Any) -> list[Document]:
    found: list[Document] = api.page(_SERVERS, limit=20, **query)["items"]
    return found


def _whole(asked: str) -> UUID | None:
    try:
        return UUID(asked)
    except ValueError:
        return None
