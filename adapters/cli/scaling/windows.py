"""``ullage window``: named maintenance windows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

import msgspec
from cyclopts import Parameter

from adapters.cli.kit import completing, entries
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.options import Every, Json, LimitOption, ReasonOption
from domain.schedules.window_times import TimezoneUnknown, Weekday, WindowTimes, next_opening

_PATH = "/v1/windows"
_NOT_FOUND = 404
_Name = Annotated[str, Parameter(help="Name.", completer=completing.WINDOWS)]
_On = Annotated[list[Weekday] | None, Parameter(name="--on", help="Weekday; may be repeated.")]


def listed(*, limit: LimitOption = 100, every: Every = False, as_json: Json = False) -> None:
    page = connected().page(_PATH, limit=limit, every=every)
    if as_json:
        showing.document(page)
        return
    table = showing.table("Name", "On", "At", "Minutes", "Timezone", right=("Minutes",))
    for one in page["items"]:
        when = (", ".join(day[:3] for day in one["weekdays"]), one["starts"], str(one["minutes"]))
        table.add_row(showing.text(one["name"]), *when, showing.text(one["timezone"]))
    showing.rows(table, "windows")
    showing.more(page)


def show(window: _Name, /, *, as_json: Json = False) -> None:
    _print(connected().get(_path(window)), as_json=as_json)


def change(
    window: _Name,
    /,
    *,
    timezone: Annotated[str | None, Parameter(help="IANA timezone, as Europe/Vienna.")] = None,
    on: _On = None,
    starts: Annotated[str | None, Parameter(help="When it opens, in local time, as 22:30.")] = None,
    minutes: Annotated[int | None, Parameter(help="For how many minutes it is open.")] = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Makes one, or changes the one of that name; what is not given stays then."""
    api = connected()
    now = _there(api, window)
    asked = {"timezone": timezone, "weekdays": on, "starts": starts, "minutes": minutes}
    body = {name: (now or {}).get(name) if v is None else v for name, v in asked.items()}
    if None in body.values():
        raise Stopped("A new window needs --timezone, --on, --starts and --minutes.")
    # Decided on what it was, so nobody else's change is lost.
    version = (now["version"] if now else 0) if if_match is None else if_match
    _print(api.put(_path(window), body | {"reason": reason}, version=version), as_json=as_json)


def delete(
    window: _Name,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    connected().delete(_path(window), version=if_match, reason=reason)
    entries.gone("Window", window, as_json=as_json)


def _there(api: Api, window: str) -> Document | None:
    """Raises Stopped for whatever else the API answers."""
    try:
        found: Document = api.get(_path(window))
    except Stopped as e:
        if e.document and e.document.get("status") == _NOT_FOUND:
            return None
        raise
    return found


def _print(window: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(window)
        return
    rows = {
        "Name": window["name"],
        "On": ", ".join(window["weekdays"]),
        "At": f"{window['starts']} {window['timezone']}",
        "Open for": showing.many(window["minutes"], "minute"),
        "Next (UTC)": _next(window),
        "Version": window["version"],
    }
    showing.out().print(showing.facts(rows))


def _next(window: Document) -> str:
    """As of this machine's clock and timezones."""
    try:
        found = next_opening(msgspec.convert(window, WindowTimes), datetime.now(UTC))
    except TimezoneUnknown:
        return showing.NONE
    opens, closes = (showing.moment(moment.isoformat()) for moment in found)
    return f"{opens} to {closes}"


def _path(window: str) -> str:
    return f"{_PATH}/{quote(window, safe='')}"
