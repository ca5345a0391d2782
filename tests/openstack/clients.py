"""The genuine OpenStack clients, as somebody of a Keystone: what they print, what they return."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

from tests.kit.keystone import PASSWORD, Keystone

_SPEAKING = Path(__file__).with_name("speaking.py")


class Refused(Exception):
    """A client said no, in these words."""


class Clients:
    """``openstack`` as in a shell; ``sdk`` and ``nova`` by the path of what is called on them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def openstack(self, words: str, *more: str, at: str = "") -> Any:
        """What it prints with ``-f json``, read; or nothing. Raises Refused.

        ``at``: the microversion to ask in.
        """
        pinned = ["--os-compute-api-version", at] if at else []
        told = self.told(*pinned, *words.split(), *more, "-f", "json")
        return json.loads(told) if told.strip() else None

    def told(self, *words: str) -> str:
        """What it prints. Raises Refused."""
        answer = self._ask(client="openstack", argv=list(words))
        if answer["code"] != 0:
            raise Refused(answer["err"] or answer["out"])
        return str(answer["out"])

    def sdk(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Raises Refused."""
        return self._called("sdk", path, args, kwargs)

    def nova(self, version: str, path: str, *args: Any, **kwargs: Any) -> Any:
        """Of python-novaclient at a microversion. Raises Refused."""
        return self._called(version, path, args, kwargs)

    def _called(self, client: str, path: str, args: Any, kwargs: Any) -> Any:
        answer = self._ask(client=client, path=path, args=list(args), kwargs=kwargs)
        if "raised" in answer:
            raise Refused(f"{answer['raised']}: {answer['says']}")
        return answer["value"]

    def _ask(self, **asked: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def speaking(keystone: Keystone, user: str, project: str) -> Iterator[Clients]:
    """As the user of that name in the project of that name."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(keystone.folder),
        "OS_AUTH_URL": f"{keystone.url}/v3",
        "OS_USERNAME": user,
        "OS_PASSWORD": PASSWORD,
        "OS_PROJECT_NAME": project,
        "OS_USER_DOMAIN_ID": "default",
        "OS_PROJECT_DOMAIN_ID": "default",
        "OS_IDENTITY_API_VERSION": "3",
        "OS_REGION_NAME": "RegionOne",
    }
    process = subprocess.Popen(
        [sys.executable, _SPEAKING],
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        text=True,
        env=environment,
    )
    try:
        yield Clients(process)
    finally:
        process.communicate()
