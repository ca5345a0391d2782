"""A database as it was when servers were only adopted and scaled, with facts of that time."""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString

import psycopg
from yoyo import get_backend, read_migrations

import migrations
from adapters.tokens import digest
from tests.adapters.eventlog.stored_facts import read
from tests.adapters.eventlog.test_stored_facts import LINES

THEN = ("0001", "0002", "0003", "0004")
TOKEN = "ullage_of_then"  # noqa: S105 (of this test alone)

_FACT: LiteralString = "INSERT INTO facts VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_READ_MODELS: LiteralString = """
INSERT INTO quota_usage VALUES ('demo', 7, '{"instances": 2, "cores": 10, "ram": 69632}');
INSERT INTO quota_limits VALUES ('demo', 1, '{"cores": 40}');
INSERT INTO quota_classes VALUES ('default', 1, '{"instances": 10, "cores": 20, "ram": -1}');
INSERT INTO servers
SELECT substr(stream, 8)::uuid, 'demo', 'host-1', max(version), '{"of": "then"}', max(position)
FROM facts WHERE stream LIKE 'server:%' GROUP BY stream;
INSERT INTO operations
SELECT (body::jsonb ->> 'operation')::uuid, position, substr(stream, 8)::uuid, 'demo', 'open',
       now(), '{"of": "then"}', position
FROM facts WHERE kind = 'server.scale-requested';
INSERT INTO history
SELECT position, at, by, because, kind, stream, version, 'demo',
       CASE WHEN kind LIKE 'server.%' THEN substr(stream, 8)::uuid END, body::jsonb
FROM facts;
INSERT INTO projections SELECT name, max(position) FROM facts, unnest('{rows,history}'::text[]) name
GROUP BY name;
INSERT INTO snapshots SELECT stream, max(version), 1, '{"of": "then"}'
FROM facts WHERE stream LIKE 'server:%' GROUP BY stream;
INSERT INTO lanes (host) VALUES ('host-1'), ('host-2');
INSERT INTO outbox (operation, position, ask, host, server, vcpus, memory_mib, deadline)
SELECT (body::jsonb ->> 'operation')::uuid, position, 'reconfigure', 'host-2',
       substr(stream, 8)::uuid, 2, 4096, (body::jsonb ->> 'deadline')::timestamptz
FROM facts WHERE position = 21;
"""


def left_behind(dsn: str) -> None:
    """As the last process of then has left it, one operation open."""
    folder = Path(migrations.__file__).parent
    with get_backend(migrations._url(dsn)) as backend:
        scripts = read_migrations(str(folder)).filter(
            lambda m: m.path.endswith(".sql") and m.id.startswith(THEN)
        )
        backend.apply_migrations(backend.to_apply(scripts))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for stored, link in read()[:LINES]:
            connection.execute(
                _FACT,
                (
                    stored.id,
                    stored.originator_id,
                    stored.originator_version,
                    stored.at,
                    stored.by,
                    stored.because,
                    stored.topic,
                    stored.state.decode(),
                    link,
                ),
            )
        connection.execute(_READ_MODELS)
        connection.execute(
            "INSERT INTO tokens (hash, name, role) VALUES (%s, 'then', 'admin')", (digest(TOKEN),)
        )
