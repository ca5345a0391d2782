"""How many files this process may have open, and how many of them connections of callers."""

from __future__ import annotations

import resource

import structlog

from adapters.settings import Settings

_log = structlog.get_logger("ullage.serve")

_ENOUGH = 65_536
_KEPT = 256
"""For the database, the hosts, Keystone, and answers that are handed on."""
_FEWEST = 16


def provide(settings: Settings) -> int:
    """Raise the soft limit of open files as far as it may go and is of use; returns how many
    connections of callers fit below it, and at most ``connections``.

    systemd gives a service 1,024 by default, of which the hard limit is far above.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(_ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    room = settings.connections if soft == resource.RLIM_INFINITY else soft - _KEPT
    if room < settings.connections:
        _log.warning(
            "fewer connections than set: the limit of open files is too low",
            connections=max(room, _FEWEST),
            set=settings.connections,
            open_files=soft,
        )
    return max(min(room, settings.connections), _FEWEST)
