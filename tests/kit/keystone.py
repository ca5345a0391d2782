"""A genuine Keystone for tests, in a process and a folder of its own, and its books to fill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any, Literal, Self

import httpx
import msgspec

from tests.kit.region import free_port, until

Scope = dict[str, Any] | Literal["unscoped"]

PASSWORD = "hush-7c1d"  # noqa: S105 (of every user of the tests' own Keystone)
DOMAIN = "Default"

_CONFIG = """
[DEFAULT]
log_file = {folder}/keystone.log
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[identity]
password_hash_rounds = 4
"""


class Keystone:
    """One process on a loopback port. Several of them may share a folder, and so all books."""

    def __init__(self, folder: Path, nursery: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.nursery = nursery
        self._config = folder / "keystone.conf"
        self._client = httpx.Client(base_url=f"{self.url}/v3", timeout=30)
        self._process = 0
        self._admin = ""

    # Its life

    def prepare(self) -> Self:
        """Schema, keys, and what Keystone's own bootstrap makes: the domain, its admin, roles."""
        self._config.write_text(_CONFIG.format(folder=self.folder))
        owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
        made = ["--bootstrap-password", PASSWORD, "--bootstrap-region-id", "RegionOne"]
        made += ["--bootstrap-public-url", f"{self.url}/v3"]
        for words in (["db_sync"], ["fernet_setup", *owner], ["bootstrap", *made]):
            assert self._done(manage=words) == 0, self._said()
        return self

    def start(self, *, expiration: int = 3600) -> Self:
        """On the same port as before. Its tokens live for ``expiration`` seconds."""
        self._process = self._done(port=self.port, expiration=expiration)
        until(self._answers, within=60)
        return self

    def kill(self) -> None:
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            self._process = 0
            until(lambda: not self._answers())

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes connections and answers nothing."""
        os.kill(self._process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process, signal.SIGCONT)

    def _done(self, **asked: Any) -> int:
        """What the nursery answers."""
        line = msgspec.json.encode({"config": str(self._config), **asked}).decode()
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(f"{line}\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def _answers(self) -> bool:
        try:
            return self._client.get("").is_success
        except httpx.TransportError:
            return False

    def _said(self) -> str:
        return (self.folder / "keystone.log").read_text()[-2000:]

    # Its books, as its admin

    def project(self, name: str) -> str:
        return self._made("project", {"name": name, "domain_id": "default"})

    def user(self, name: str) -> str:
        return self._made("user", {"name": name, "password": PASSWORD, "domain_id": "default"})

    def change_password(self, name: str) -> None:
        """To another, and back: all tokens of the user are revoked with each."""
        user = self.user(name)
        for password in (f"{PASSWORD}-other", PASSWORD):
            self._asked("PATCH", f"/users/{user}", body={"user": {"password": password}})

    def grant(self, role: str, user: str, on: str) -> None:
        """``on``: as in the path of Keystone: ``projects/<id>``, ``domains/<id>``, ``system``."""
        roles = self._asked("GET", f"/roles?name={role}").json()["roles"]
        id_ = roles[0]["id"] if roles else self._made("role", {"name": role})
        self._asked("PUT", f"/{on}/users/{user}/roles/{id_}")

    def member(self, name: str, role: str, project: str) -> str:
        """A new user with that role in the project."""
        user = self.user(name)
        self.grant(role, user, f"projects/{project}")
        return user

    def endpoint(self, type_: str, url: str, interface: str = "public") -> None:
        """An entry of the service catalogue."""
        service = self._made("service", {"type": type_, "name": type_})
        made = {"service_id": service, "interface": interface, "url": url, "region": "RegionOne"}
        self._made("endpoint", made)

    def compute(self, region_url: str) -> None:
        """The entry by which clients of Nova find ours; the internal one as older catalogues had
        it."""
        self.endpoint("compute", f"{region_url}/compute/v2.1")
        self.endpoint("compute", f"{region_url}/compute/v2.1/$(project_id)s", interface="internal")

    def remove(self, path: str) -> None:
        self._asked("DELETE", path)

    # Tokens

    def token(self, user: str, scope: Scope) -> str:
        """``user``: its id. ``scope``: as Keystone takes it; see `of` and `SYSTEM`."""
        identity = {"methods": ["password"], "password": {"user": _user(user)}}
        answer = self._client.post(
            "/auth/tokens", json={"auth": {"identity": identity, "scope": scope}}
        )
        assert answer.status_code == 201, answer.text
        return answer.headers["x-subject-token"]

    def revoke(self, token: str) -> None:
        self._asked("DELETE", "/auth/tokens", {"x-subject-token": token})

    def _made(self, kind: str, body: dict[str, Any]) -> str:
        """The id of the one of that name, made where it is not there."""
        named = f"/{kind}s?name={body.get('name')}"
        if "name" in body and (found := self._asked("GET", named).json()[f"{kind}s"]):
            return str(found[0]["id"])
        return str(self._asked("POST", f"/{kind}s", body={kind: body}).json()[kind]["id"])

    def _asked(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None
    ) -> httpx.Response:
        self._admin = self._admin or self.token("admin", _OF_ADMIN)
        sent = {"x-auth-token": self._admin, **(headers or {})}
        answer = self._client.request(method, path, json=body, headers=sent)
        assert answer.is_success, answer.text
        return answer


SYSTEM: Scope = {"system": {"all": True}}
_OF_ADMIN: Scope = {"project": {"name": "admin", "domain": {"id": "default"}}}


def of(project: str) -> Scope:
    return {"project": {"id": project}}


def _user(user: str) -> dict[str, Any]:
    named = {"name": user, "domain": {"id": "default"}} if user == "admin" else {"id": user}
    return {**named, "password": PASSWORD}


@contextmanager
def serving(folder: Path) -> Iterator[Keystone]:
    command = [sys.executable, "-m", "tests.kit.keystone_nursery"]
    nursery = subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True, cwd=Path(__file__).parents[2]
    )
    try:
        yield Keystone(folder, nursery).prepare().start()
    finally:
        nursery.communicate()


@contextmanager
def alongside(keystone: Keystone, *, expiration: int) -> Iterator[Keystone]:
    """Another process on the same books, whose tokens live for so many seconds."""
    other = Keystone(keystone.folder, keystone.nursery)
    try:
        yield other.start(expiration=expiration)
    finally:
        other.kill()
