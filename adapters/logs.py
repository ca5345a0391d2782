"""Logs: structured, on stderr, one configuration for our own and the libraries' loggers."""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, Processor

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
    _configure_ours(json=json, least=least)
    _configure_libraries(json=json, least=least)


def _configure_ours(*, json: bool, least: int) -> None:
    """Without the standard library's loggers, which cost a line more than all else."""
    structlog.configure(
        processors=[*_SHARED, *_rendered(json=json), _as_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _configure_libraries(*, json: bool, least: int) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_rendered(json=json),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(least, logging.WARNING))


def _rendered(*, json: bool) -> tuple[Processor, ...]:
    """ConsoleRenderer shows exceptions by itself."""
    if json:
        return structlog.processors.format_exc_info, _as_json
    return (structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),)


def _as_json(_: object, __: str, line: EventDict) -> str:
    return _encode(line).decode()


def _as_bytes(_: object, __: str, line: Any) -> bytes:
    text: str = line
    return text.encode()
