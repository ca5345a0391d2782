"""The order of a database makes no difference: lists come as they do from memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from adapters import schema
from tests.kit.postgres import Server, database
from tests.kit.region import Region, regions

# To a reader of English "p9" is before "p10", and "P9" beside it.
_ENGLISH = "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kn-true' LOCALE 'C'"
_PROJECTS = ("p10", "p9", "P9", "p-1", "p_1", "q")
# Each column of an index that is a text in the database's own order.
_OF_THE_DATABASE = """
SELECT DISTINCT pg_class.relname || '.' || pg_attribute.attname
FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = 'public'
JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
JOIN pg_collation ON pg_collation.oid = attcollation AND collname = 'default'
WHERE relname NOT LIKE '%yoyo%' ORDER BY 1
"""


@pytest.fixture(name="english_dsn")
def _english_dsn(postgres: Server) -> Iterator[str]:
    with ExitStack() as held:
        try:
            dsn = held.enter_context(database(postgres, migrated=False, form=_ENGLISH))
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("this PostgreSQL was built without ICU")
        yield dsn


def paged(region: Region, path: str) -> Iterator[Any]:
    """Page by page, one a page."""
    page = region.get(f"{path}limit=1")
    while True:
        yield from page.json()["items"]
        if "next" not in page.links:
            return
        page = region.get(page.links["next"]["url"].removeprefix(region.url))


def test_pages_by_name_come_in_the_order_of_memory_where_postgresql_has_icu(
    english_dsn: str,
) -> None:
    schema.bring_up(english_dsn)
    with psycopg.connect(english_dsn) as connection:
        ordered = connection.execute("SELECT 'p9' < 'p10'").fetchone()
    assert ordered == (True,)
    with regions(english_dsn) as new:
        region = new().leading()
        for project in _PROJECTS:
            region.adopted(project=project)
        listed = [one["project"] for one in paged(region, "/v1/usage?")]
    assert listed == sorted(_PROJECTS)


def test_what_is_indexed_has_an_order_of_its_own(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute(_OF_THE_DATABASE).fetchall() == []
