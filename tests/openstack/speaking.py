"""Speaks to a cloud with the genuine clients, one line of JSON a call; a process of its own.

They warn of what is deprecated in what they are built on, which is theirs to mend and no failure
of ours; and they take seconds to be imported, which is done once here.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings
from functools import cache
from typing import Any

warnings.simplefilter("ignore")


def words(argv: list[str]) -> dict[str, Any]:
    """What ``openstack`` prints, and how it ends."""
    from openstackclient import shell  # noqa: PLC0415 (the other clients do not need it)

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = shell.main(argv)
        except SystemExit as e:
            code = int(e.code or 0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


@cache
def sdk() -> Any:
    import openstack  # noqa: PLC0415 (the same)

    return openstack.connect()


@cache
def nova(version: str) -> Any:
    from keystoneauth1 import loading, session  # noqa: PLC0415 (the same)
    from novaclient import client  # type: ignore[import-untyped]  # noqa: PLC0415 (the same)

    given = {name: _ENVIRON[f"OS_{name.upper()}"] for name in _AUTH}
    auth: Any = loading.get_plugin_loader("password").load_from_options(**given)
    return client.Client(version, session=session.Session(auth=auth))


_AUTH = ("auth_url", "username", "password", "project_name", "user_domain_id", "project_domain_id")
_ENVIRON: dict[str, str] = {}


def call(on: Any, path: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """``compute.get_limits`` of the SDK, ``quotas.get`` of novaclient; by plain values."""
    for name in path.split("."):
        on = getattr(on, name)
    try:
        return {"value": plain(on(*args, **kwargs))}
    except Exception as e:  # noqa: BLE001 (whatever a client raises is told)
        return {"raised": type(e).__name__, "says": str(e)}


def plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return json.loads(json.dumps(value.to_dict(), default=str))
    if isinstance(value, dict | str | int | float | None):
        return json.loads(json.dumps(value, default=str))
    if hasattr(value, "__iter__"):
        return [plain(one) for one in value]
    return str(value)


def answered(asked: dict[str, Any]) -> Any:
    match asked["client"]:
        case "openstack":
            return words(asked["argv"])
        case "sdk":
            return call(sdk(), asked["path"], asked["args"], asked["kwargs"])
        case version:
            return call(nova(version), asked["path"], asked["args"], asked["kwargs"])


def main() -> None:
    import os  # noqa: PLC0415 (the tests' own setting comes by the environment)

    _ENVIRON.update(os.environ)
    # What a client prints on its way must not stand among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
