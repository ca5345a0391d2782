"""Logs: structured, on stderr, one configuration for our own and the libraries' loggers."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from io import FileIO
from typing import Any, BinaryIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from adapters.log_lines import LogLines

_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_CHATTY = ("httpx", "httpcore", "psycopg.pool", "yoyo", "_granian")

_encode = msgspec.json.Encoder(enc_hook=str).encode


def configure(*, json: bool, level: str = "info") -> None:
    """JSON for machines, colours for people; nothing below ``level``, which is one of debug, info,
    warning, error. No token, header, query or body is ever logged."""
    least = logging.getLevelNamesMapping()[level.upper()]
    lines = LogLines(_unbuffered(), _lost)
    _configure_ours(lines, json=json, least=least)
    _configure_libraries(lines, json=json, least=least)


def _configure_ours(lines: LogLines, *, json: bool, least: int) -> None:
    """Without the standard library's loggers, which cost a line more than all else."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, _as_line]
        if json
        else [*_SHARED, *_rendered(json=json), _as_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", lines)),
        cache_logger_on_first_use=True,
    )


def _configure_libraries(lines: LogLines, *, json: bool, least: int) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_rendered(json=json),
        ],
    )
    handler = logging.StreamHandler(_Text(lines))
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(least, logging.WARNING))


def _unbuffered() -> BinaryIO:
    """Standard error without Python's buffer: a thread that writes to a reader that hangs would
    hold its lock, and the process could not end."""
    try:
        return cast("BinaryIO", FileIO(sys.stderr.fileno(), "w", closefd=False))
    except (OSError, ValueError):  # it is no file, as where a test has taken its place
        return sys.stderr.buffer


class _Text:
    """The same lines, for who writes text."""

    def __init__(self, lines: LogLines) -> None:
        self._lines = lines

    def write(self, text: str) -> None:
        self._lines.write(text.encode(errors="backslashreplace"))

    def flush(self) -> None:
        self._lines.flush()


def _lost(count: int) -> None:
    structlog.get_logger("ullage.logs").warning("log lines were lost", lost=count)


def _rendered(*, json: bool) -> tuple[Processor, ...]:
    """ConsoleRenderer shows exceptions by itself."""
    if json:
        return structlog.processors.format_exc_info, _as_json
    return (structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),)


def _as_line(logger: Any, level: str, line: EventDict) -> bytes:
    """All of _SHARED and the rendering in one step, for these lines are many."""
    line["logger"], line["level"], line["timestamp"] = logger.name, level, datetime.now(UTC)
    return _encode(line)


def _as_json(_: object, __: str, line: EventDict) -> str:
    return _encode(line).decode()


def _as_bytes(_: object, __: str, line: Any) -> bytes:
    text: str = line
    return text.encode()
