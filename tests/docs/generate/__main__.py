"""``python -m tests.docs.generate``: write every page that is made from the code."""

from __future__ import annotations

from tests.docs.generate import pages
from tests.docs.generate.sources import described
from tests.kit.postgres import database, serving


def main() -> None:
    with serving() as server, database(server) as dsn:
        document = described(dsn)
    for name in pages.NAMES:
        pages.file(name).write_text(pages.made(name, document), encoding="utf-8")


if __name__ == "__main__":
    main()
