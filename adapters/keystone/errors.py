"""What can go wrong with asking Keystone, and with the tokens it knows."""

from __future__ import annotations


class IdentityUnavailable(Exception):
    """Keystone does not answer, or refuses Ullage's own user. The caller is not known, so not
    let in."""

    def __str__(self) -> str:
        return "Keystone cannot be reached at this moment. Nothing was done; try again."


class NotScoped(Exception):
    """The token names a caller, but neither a project nor the system."""

    def __str__(self) -> str:
        return "The token has no scope; get one from Keystone that is scoped to a project."


class NoRole(Exception):
    """The token is valid, but its roles or its scope allow nothing here. The text says which."""
