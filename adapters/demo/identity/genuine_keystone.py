"""The books of a genuine Keystone, filled as its admin: projects, users, roles, services."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Literal

import httpx

from adapters.demo.identity.keystone_process import KeystoneFailed, KeystoneProcess

TokenScope = dict[str, Any] | Literal["unscoped"]

SYSTEM: TokenScope = {"system": {"all": True}}

_OF_ADMIN: TokenScope = {"project": {"name": "admin", "domain": {"id": "default"}}}


class GenuineKeystone(KeystoneProcess):
    """``password`` is that of every user whom it makes. Everything raises KeystoneFailed."""

    def __init__(self, folder: Path, nursery: subprocess.Popen[str], *, password: str) -> None:
        super().__init__(folder, nursery, password=password)
        self._admin = ""

    def project(self, name: str) -> str:
        return self._made("project", {"name": name, "domain_id": "default"})

    def user(self, name: str) -> str:
        made = {"name": name, "password": self.password, "domain_id": "default"}
        return self._made("user", made)

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

    def token(self, user: str, scope: TokenScope) -> str:
        """``user``: its id, or ``admin``. ``scope``: as Keystone takes it."""
        named = {"name": user, "domain": {"id": "default"}} if user == "admin" else {"id": user}
        methods = {
            "methods": ["password"],
            "password": {"user": named | {"password": self.password}},
        }
        body = {"auth": {"identity": methods, "scope": scope}}
        return str(_must(self._client.post("/auth/tokens", json=body)).headers["x-subject-token"])

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
        return _must(self._client.request(method, path, json=body, headers=sent))


def _must(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise KeystoneFailed(f"it answers {answer.status_code}: {answer.text}")
    return answer
