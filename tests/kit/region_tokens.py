"""The tokens that every region of the tests has: one for each role, some with less."""

from __future__ import annotations

import psycopg

from adapters import tokens

OWN, FOREIGN = "demo", "other"
_LIVE_ONLY: frozenset[str] = frozenset()
_TOKENS: tuple[tuple[str, tokens.Role, str | None], ...] = (
    ("reader", "reader", OWN),
    ("member", "member", OWN),
    ("foreign-reader", "reader", FOREIGN),
    ("foreign-member", "member", FOREIGN),
    ("admin", "admin", None),
    ("auditor", "auditor", None),
    ("service", "service", None),
    ("live-member", "member", OWN),
    ("live-admin", "admin", None),
    ("admin-of-demo", "admin", OWN),
)
"""Those that are named live- may consent to nothing else."""
_COLUMNS = "hash, name, role, project, consents, created_at"
# A database may have tokens of its own already.
_OURS = f"COPY (SELECT {_COLUMNS} FROM tokens WHERE name = ANY(%s)) TO STDOUT"  # noqa: S608
_MADE: list[tuple[dict[str, str], bytes]] = []
"""What was made first: by name, and as rows."""


def make_tokens(dsn: str) -> dict[str, str]:
    """A token for every role; those of the scoped ones for the own and for another project.

    They are made on the first database of this process, and copied to the others.
    """
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        if not _MADE:
            made = {name: _make_token(dsn, name, role, of) for name, role, of in _TOKENS}
            with cursor.copy(_OURS, [list(made)]) as rows:
                _MADE.append((made, b"".join(map(bytes, rows))))
        else:
            with cursor.copy(f"COPY tokens ({_COLUMNS}) FROM STDIN") as rows:
                rows.write(_MADE[0][1])
    return dict(_MADE[0][0])


def _make_token(dsn: str, name: str, role: tokens.Role, project: str | None) -> str:
    consents = _LIVE_ONLY if name.startswith("live-") else tokens.CONSENTS
    return tokens.create(dsn, name=name, role=role, project=project, consents=consents)
