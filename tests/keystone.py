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

from tests.region import free_port, until

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
[token]
expiration = {expiration}
"""

# It ends with whoever started it, for then its input ends. Keystone reads the arguments itself.
_SERVE = """
import os, sys, threading
from werkzeug.serving import run_simple
from keystone.wsgi.api import application
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
run_simple("127.0.0.1", int(os.environ["PORT"]), application, threaded=True)
"""


class Keystone:
    """One process on a loopback port. Several of them may share a folder, and so all books."""

    def __init__(self, folder: Path, *, expiration: int = 3600) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._config = folder / f"keystone-{self.port}.conf"
        self._config.write_text(_CONFIG.format(folder=folder, expiration=expiration))
        self._client = httpx.Client(base_url=f"{self.url}/v3", timeout=30)
        self._process: subprocess.Popen[bytes] | None = None

    # Its life

    def prepare(self) -> Self:
        """Schema, keys, and what Keystone's own bootstrap makes: the domain, its admin, roles.

        Two things at once, for everything takes longer to start than to do.
        """
        owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
        first = [self._managing("fernet_setup", *owner), self._managing("db_sync")]
        assert [one.wait() for one in first] == [0, 0]
        made = ["--bootstrap-password", PASSWORD, "--bootstrap-region-id", "RegionOne"]
        made += ["--bootstrap-public-url", f"{self.url}/v3"]
        bootstrap = self._managing("bootstrap", *made)
        self.start()
        assert bootstrap.wait() == 0
        return self

    def _managing(self, *words: str) -> subprocess.Popen[bytes]:
        manage = Path(sys.executable).with_name("keystone-manage")
        command = [str(manage), "--config-file", str(self._config), *words]
        return subprocess.Popen(command, stdout=DEVNULL, stderr=DEVNULL)

    def start(self) -> Self:
        """On the same port as before."""
        told = {"OS_KEYSTONE_CONFIG_FILES": str(self._config), "PORT": str(self.port)}
        environment = os.environ | told
        command = [sys.executable, "-c", _SERVE]
        self._process = subprocess.Popen(
            command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env=environment
        )
        until(self._answers, within=120)
        return self

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes connections and answers nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self.folder / "keystone.log").read_text()[-2000:]
        try:
            return self._client.get("").is_success
        except httpx.TransportError:
            return False

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

    def endpoint(self, type_: str, url: str) -> None:
        """An entry of the service catalogue."""
        service = self._made("service", {"type": type_, "name": type_})
        made = {"service_id": service, "interface": "public", "url": url, "region": "RegionOne"}
        self._made("endpoint", made)

    def compute(self, region_url: str) -> None:
        """The entry by which clients of Nova find ours."""
        self.endpoint("compute", f"{region_url}/compute/v2.1")

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
        sent = {"x-auth-token": self._admin(), **(headers or {})}
        answer = self._client.request(method, path, json=body, headers=sent)
        assert answer.is_success, answer.text
        return answer

    def _admin(self) -> str:
        return self.token("admin", {"project": {"name": "admin", "domain": {"id": "default"}}})


SYSTEM: Scope = {"system": {"all": True}}


def of(project: str) -> Scope:
    return {"project": {"id": project}}


def _user(user: str) -> dict[str, Any]:
    named = {"name": user, "domain": {"id": "default"}} if user == "admin" else {"id": user}
    return {**named, "password": PASSWORD}


@contextmanager
def serving(folder: Path) -> Iterator[Keystone]:
    keystone = Keystone(folder)
    try:
        yield keystone.prepare()
    finally:
        keystone.kill()


@contextmanager
def alongside(keystone: Keystone, *, expiration: int) -> Iterator[Keystone]:
    """Another process on the same books, whose tokens live for so many seconds."""
    other = Keystone(keystone.folder, expiration=expiration)
    try:
        yield other.start()
    finally:
        other.kill()
