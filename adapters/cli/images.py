"""``ullage image``: what servers are built from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter

from adapters.cli.kit import completing, entries, sizes
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IdOption, IfMatchOption, Named, Properties, Scalable, Unset
from adapters.cli.kit.options import Every, Ids, Json, LimitOption, ReasonOption

_PATH = "/v1/images"
_Image = Annotated[Named, Parameter(completer=completing.listed(_PATH))]
_File = Annotated[Path, Parameter(help="File with a libvirt domain's XML; - reads standard input.")]
_NewFile = Annotated[Path | None, Parameter(help="File with new libvirt domain XML.")]
_Least = Annotated[
    int | None,
    Parameter(converter=sizes.from_tokens, metavar="SIZE", help="The least memory of its servers."),
]


def create(
    name: Annotated[str, Parameter(help="Name.")],
    /,
    *,
    template: _File,
    id_: IdOption = None,
    properties: Properties = None,
    scalable: Scalable = True,
    min_memory: _Least = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """The properties hw_max_vcpus and hw_max_memory_mb set how far its servers may be scaled."""
    body = {
        "id": id_,
        "name": name,
        "properties": entries.entries(properties),
        "scalable": scalable,
        "min_memory_mib": min_memory or 0,
        "template": _read(template),
        "reason": reason,
    }
    _print(connected().post(_PATH, body), as_json=as_json)


def listed(
    *, limit: LimitOption = 100, every: Every = False, ids: Ids = False, as_json: Json = False
) -> None:
    page = connected().page(_PATH, limit=limit, every=every)
    if as_json:
        showing.document(page)
        return
    table = showing.table("Name", "ID", "Needs MiB", "Scalable", right=("Needs MiB",), ids=ids)
    for one in page["items"]:
        words = (one["name"], showing.id_(one["id"], whole=ids), one["min_memory_mib"])
        table.add_row(*map(showing.text, words), entries.yes_no(one["scalable"]))
    showing.rows(table, "images")
    showing.more(page)


def show(
    image: _Image,
    /,
    *,
    template: Annotated[bool, Parameter(help="Print only the template.")] = False,
    as_json: Json = False,
) -> None:
    """--template prints the template as it was given, for administrators."""
    api = connected()
    found = api.get(_path(entries.found(api, _PATH, image)))
    if not template:
        _print(found, as_json=as_json)
    elif "template" in found:
        sys.stdout.write(found["template"])
    else:
        raise Stopped("Templates are told to administrators only.")


def change(
    image: _Image,
    /,
    *,
    name: Annotated[str | None, Parameter(help="New name.")] = None,
    template: _NewFile = None,
    properties: Properties = None,
    unset: Unset = None,
    scalable: Scalable = None,
    min_memory: _Least = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays. Its servers stay as they are."""
    api = connected()
    body = entries.given(
        name=name,
        properties=entries.changes(properties, unset),
        scalable=scalable,
        min_memory_mib=min_memory,
        template=_read(template) if template else None,
        reason=reason,
    )
    path = _path(entries.found(api, _PATH, image))
    _print(api.patch(path, body, version=if_match), as_json=as_json)


def delete(
    image: _Image,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """No more servers are built from it. Its servers stay."""
    entries.delete(_PATH, image, if_match, reason, as_json=as_json)


def _read(file: Path) -> str:
    """Raises Stopped."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise Stopped(f"The template cannot be read: {e}") from e


def _print(image: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(image)
        return
    rows = {
        "Name": image["name"],
        "ID": image["id"],
        "Scalable": entries.yes_no(image["scalable"]),
        "Needs": showing.memory(image["min_memory_mib"]),
        "Properties": entries.listing(image["properties"]),
        "Version": image["version"],
    }
    showing.out().print(showing.facts(rows))


def _path(id_: str) -> str:
    return f"{_PATH}/{quote(id_, safe='')}"
