"""Waiting schedules, and what became of the others."""

from __future__ import annotations

from typing import LiteralString

GET: LiteralString = """
SELECT category, id, version, position, state FROM catalogue
WHERE category = 'schedule' AND id = %(id)s
"""

LIST: LiteralString = """
SELECT category, id, version, position, state FROM catalogue
WHERE category = 'schedule'
  AND (%(project)s::text IS NULL OR state ->> 'project' = %(project)s)
  AND (%(server)s::text IS NULL OR state ->> 'server' = %(server)s)
  AND (%(state)s::text IS NULL OR state ->> 'state' = %(state)s)
  AND (%(least)s::text IS NULL OR id BETWEEN %(least)s AND %(most)s)
  AND (%(after)s::text IS NULL OR id > %(after)s)
ORDER BY id LIMIT %(limit)s
"""
