"""The API as the commands ask it: documents come back, problems end the command."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec

from adapters import settings
from adapters.cli.kit.ending import AWAY, REFUSED, Stopped, problem

Document = dict[str, Any]

_PATIENCE = 30.0
_CONNECT = 5.0
_PAGE = 1000
_UNKNOWN = 401
_WHERE = "ULLAGE_API says where the API is; `ullage serve` runs one."


class Api:
    """One region's API. Every method raises Stopped when the answer is a problem, or none."""

    def __init__(self, api: str, token: str, patience: float = _PATIENCE) -> None:
        self.url = _address(api)
        if not (token.isascii() and token.isprintable()):
            raise Stopped("ULLAGE_TOKEN is no token: it has characters that none has.")
        self._token, self._patience = token, patience
        self._client = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(patience, connect=_CONNECT),
            # A proxy is for what is elsewhere.
            trust_env=urlsplit(self.url).hostname not in ("127.0.0.1", "localhost", "::1"),
            # To load the certificates takes longer than most answers: only where they are needed.
            verify=urlsplit(self.url).scheme == "https",
        )
        weakref.finalize(self, self._client.close)

    def get(self, path: str, query: Mapping[str, object] | None = None, *, wait: float = 0) -> Any:
        """``wait``: seconds for which the answer may be held back until there is news."""
        asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
        prefer = {"prefer": f"wait={wait:.0f}"} if wait else {}
        return self._send("GET", path, params=asked, headers=prefer, timeout=wait + self._patience)

    def post(self, path: str, body: Document | None = None, *, key: str | None = None) -> Any:
        """Under an idempotency key, a new one if none is given."""
        headers = {"idempotency-key": key or str(uuid4())}
        return self._send("POST", path, json=body, headers=headers)

    def put(self, path: str, body: Document, *, version: int | None = None) -> Any:
        return self._send("PUT", path, json=body, headers=_if_match(version))

    def patch(self, path: str, body: Document, *, version: int | None = None) -> Any:
        return self._send("PATCH", path, json=body, headers=_if_match(version))

    def delete(self, path: str, *, version: int | None = None, reason: str = "") -> Any:
        """Under a new idempotency key."""
        headers = {"idempotency-key": str(uuid4())} | _if_match(version)
        why = {"reason": reason} if reason else {}
        return self._send("DELETE", path, params=why, headers=headers)

    def page(self, path: str, *, limit: int, every: bool = False, **query: object) -> Document:
        """The first ``limit`` items, or all, as one page."""
        items: list[Document] = []
        cursor = None
        while True:
            left = _PAGE if every else min(_PAGE, limit - len(items))
            got: Document = self.get(path, query | {"limit": left, "cursor": cursor})
            items += got["items"]
            cursor = got["next"]
            if cursor is None or (not every and len(items) >= limit):
                return {"items": items, "next": cursor}

    def _send(self, method: str, path: str, **how: Any) -> Any:
        try:
            answer = self._client.request(method, path, **how)
        except httpx.TimeoutException as e:
            raise Stopped(f"{self.url} did not answer in time.", AWAY) from e
        except httpx.RequestError as e:
            raise Stopped(f"{self.url} does not answer: {e}", AWAY, hint=_WHERE) from e
        if not answer.content and answer.is_success:
            return None
        try:
            document = msgspec.json.decode(answer.content)
        except msgspec.DecodeError as e:
            said = f"HTTP {answer.status_code}, no JSON"
            raise Stopped(f"{self.url} does not answer as Ullage does: {said}.", AWAY) from e
        if answer.is_success:
            return document
        told = document if isinstance(document, dict) else {"status": answer.status_code}
        raise self._stranger(told) if answer.status_code == _UNKNOWN else problem(told)

    def _stranger(self, document: Document) -> Stopped:
        """Without a token, or with one that the API does not know."""
        if self._token:
            says = f"{self.url} does not know the token in ULLAGE_TOKEN."
            hint = "It was revoked, or it is another region's; `ullage token create` makes one."
        else:
            says = f"ULLAGE_TOKEN is not set, and {self.url} asks for a token."
            hint = "Set it to one that `ullage token create` made: export ULLAGE_TOKEN=ullage_..."
        return Stopped(says, REFUSED, document, hint)


def connected(patience: float = _PATIENCE) -> Api:
    """The region that the environment names; ``patience``: seconds that an answer may take. Raises
    Stopped."""
    try:
        whom = settings.read_client(os.environ)
    except settings.SettingsInvalid as e:
        raise Stopped(str(e)) from e
    return Api(whom.api, whom.token, patience)


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"if-match": f'"{version}"'}


def _address(api: str) -> str:
    """Raises Stopped."""
    try:
        parts = urlsplit(api)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise Stopped("ULLAGE_API must be an address as http://127.0.0.1:8774.")
    return api.rstrip("/")
