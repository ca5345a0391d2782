"""What the figures were taken on: machine, versions, settings."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psycopg

_LIBRARIES = ("eventsourcing", "psycopg", "msgspec", "litestar", "granian")
_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


def conditions(dsn: str) -> dict[str, str]:
    with psycopg.connect(dsn) as connection:
        settings = {name: _setting(connection, name) for name in ("server_version", *_SETTINGS)}
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return {
        "machine": f"{_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) // 1024:,} MB",
        "load before": load,
        "Python": platform.python_version(),
        "PostgreSQL": settings.pop("server_version"),
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "settings": ", ".join(f"{name}={value}" for name, value in settings.items()),
    }


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row[0]) if row else ""


def _field(file: str, name: str) -> str:
    lines = (line.partition(":") for line in Path(file).read_text(encoding="utf-8").splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "unknown")
