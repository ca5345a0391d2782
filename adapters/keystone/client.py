"""Questions to Keystone, asked with the credentials of Ullage's own user."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from keystoneauth1.exceptions import ClientException, Unauthorized
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session

from adapters.keystone.actors import Token
from adapters.keystone.errors import IdentityUnavailable
from adapters.settings import Settings

_log = logging.getLogger(__name__)

# Where the first attempt finds nobody who answers.
_RETRIES = 1

_CREDENTIALS = "Keystone refuses the credentials of our own user (keystone_user, keystone_password)"
_RIGHTS = "Keystone does not let our own user (keystone_user) %s: it needs the role service"


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    token: Token


class Client:
    """Asks Keystone. Safe for threads; a call blocks for as long as Keystone is slow.

    The library fetches and renews Ullage's own token. A fault is logged when it begins and when it
    is over.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = f"{settings.keystone_url.rstrip('/').removesuffix('/v3')}/v3"
        auth = Password(
            auth_url=self._url,
            username=settings.keystone_user,
            password=settings.keystone_password,
            project_name=settings.keystone_project,
            user_domain_name=settings.keystone_user_domain,
            project_domain_name=settings.keystone_project_domain,
            include_catalog=False,
        )
        self._session = Session(
            auth, timeout=settings.keystone_call_seconds, connect_retries=_RETRIES
        )
        self._wrong: str | None = None

    def token(self, token: str) -> Token | None:
        """What Keystone knows of a token; None: it is not valid. Raises IdentityUnavailable."""
        status, body = self._get("auth/tokens?nocatalog", {"X-Subject-Token": token})
        if status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            raise self._refused(status, "validate tokens")
        known = self._read(body) if status == HTTPStatus.OK else None
        if self._wrong:
            _log.info("Keystone answers again")
        self._wrong = None
        return known

    def project_exists(self, project: str) -> bool:
        """Whether a project exists, as far as Ullage may look. Raises IdentityUnavailable.

        Where it may not, the project is taken to exist, as Nova does.
        """
        status, _ = self._get(f"projects/{quote(project, safe='')}", {})
        if status == HTTPStatus.FORBIDDEN:
            _log.warning("keystone_user may not look for projects: any id is taken for one")
        elif status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            raise self._refused(status, "look for projects")
        return status != HTTPStatus.NOT_FOUND

    def _get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            answer: Any = self._session.get(
                f"{self._url}/{path}", headers=headers, raise_exc=False, log=False
            )
        except Unauthorized as e:
            raise self._unavailable(_CREDENTIALS) from e
        except ClientException as e:
            raise self._unavailable(f"Keystone does not answer: {e}") from e
        return answer.status_code, answer.content

    def _read(self, body: bytes) -> Token:
        try:
            return msgspec.json.decode(body, type=_Answer).token
        except msgspec.DecodeError as e:
            raise self._unavailable(f"Keystone's answer is not understood: {e}") from e

    def _refused(self, status: int, what: str) -> IdentityUnavailable:
        if status == HTTPStatus.UNAUTHORIZED:
            return self._unavailable(_CREDENTIALS)
        if status == HTTPStatus.FORBIDDEN:
            return self._unavailable(_RIGHTS % what)
        return self._unavailable(f"Keystone answers {status} where it should {what}")

    def _unavailable(self, why: str) -> IdentityUnavailable:
        if why != self._wrong:
            _log.error("%s", why)
        self._wrong = why
        return IdentityUnavailable()
