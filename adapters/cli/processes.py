"""``ullage serve``, ``ullage relay``, ``ullage migrate``: what runs a region."""

from __future__ import annotations

import socket
from typing import Annotated

from cyclopts import Parameter

from adapters import schema
from adapters.cli.kit import show
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.options import Json
from adapters.cli.kit.region import configured, database, dsn
from adapters.settings import Settings, SettingsInvalid


def serve(
    *,
    relay: Annotated[bool, Parameter(help="Also run a relay in this process.")] = False,
) -> None:
    """Runs until SIGINT or SIGTERM."""
    settings = configured()
    if relay:
        _may_report(settings)
    _is_free(settings)
    _has_drivers(settings)
    _log(settings)
    import uvloop  # noqa: PLC0415 (as above)

    from adapters.bootstrap import serving  # noqa: PLC0415 (its libraries take a second)

    with database():
        uvloop.run(serving.serve(settings, with_relay=relay))


def relay() -> None:
    """Runs until SIGINT or SIGTERM."""
    settings = configured()
    _may_report(settings)
    if not settings.hosts:
        raise Stopped("There is no hypervisor host: set ULLAGE_HOSTS.")
    _has_drivers(settings)
    _log(settings)
    from adapters.bootstrap import relaying  # noqa: PLC0415 (its libraries take a second)
    from adapters.relay.refusals import RelayRefused  # noqa: PLC0415 (as above)

    try:
        relaying.relay(settings)
    except RelayRefused as e:
        raise Stopped(str(e)) from e


def migrate(*, as_json: Json = False) -> None:
    """Forward only; safe to repeat, and when several processes start at once."""
    with database():
        applied = schema.bring_up(dsn())
    if as_json:
        show.document(applied)
        return
    for name in applied:
        show.out().print(f"applied {name}")
    if not applied:
        show.out().print("The schema is as it should be.")


def _may_report(settings: Settings) -> None:
    """Raises Stopped."""
    if not settings.token:
        raise Stopped("A relay reports under a token: set ULLAGE_TOKEN to one of the role service.")


def _has_drivers(settings: Settings) -> None:
    """Raises Stopped for a host of no kind that there is."""
    from adapters.hypervisors.registry import DriverRegistry  # noqa: PLC0415 (as above)

    try:
        DriverRegistry(settings.hosts)
    except SettingsInvalid as e:
        raise Stopped(f"Settings: {e}.") from e


def _is_free(settings: Settings) -> None:
    """Ask before anything is started. Raises Stopped."""
    try:
        family, kind, *_, address = socket.getaddrinfo(
            settings.listen, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as e:
        raise Stopped(f"Cannot listen on {settings.listen}:{settings.port}: {e.strerror}.") from e


def _log(settings: Settings) -> None:
    from adapters import logs  # noqa: PLC0415 (clients do not log)

    logs.configure(json=settings.log_format == "json", level=settings.log_level)
