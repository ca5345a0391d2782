"""Prints, as JSON, how Nova itself says that each of its routes and actions is answered.

Run by `nova_schemas` in a process of its own: whatever Nova warns of when it is imported stays
there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from nova.api.openstack.compute.routes import ROUTE_LIST  # type: ignore[import-untyped]


def main() -> None:
    found = {key: _versions(answered) for key, answered in _answered()}
    json.dump({key: versions for key, versions in found.items() if versions}, sys.stdout)


def _answered() -> Iterator[tuple[str, Any]]:
    """Of each route and each action the function that answers it."""
    for path, methods in ROUTE_LIST:
        for method, (controller, name) in {} if isinstance(methods, str) else methods.items():
            main_, more = controller.args
            if hasattr(main_, name):
                yield f"{method} {path}", getattr(main_, name)
            elif name == "action":
                for one in (main_, *more):
                    for action, function in one.wsgi_actions.items():
                        yield f"{method} {path}#{action}", getattr(one, function)


def _versions(answered: Any) -> list[tuple[int, int, Any]]:
    """Schemas with the minors of their first and last microversions."""
    schemas = getattr(answered, "response_body_schemas", None)
    return [
        (since.ver_minor, 10_000 if until.is_null() else until.ver_minor, schema)
        for schema, since, until in (schemas._schemas if schemas else ())
    ]


if __name__ == "__main__":
    main()
