"""What can be wrong with asking Keystone, and with a token that it knows."""

from __future__ import annotations


class IdentityUnavailable(Exception):
    """Keystone does not answer, or not to us. Who calls is not known, so nobody is let in."""

    def __str__(self) -> str:
        return "Keystone cannot be asked at this moment. Nothing was done; ask again."


class NotScoped(Exception):
    """The token says who calls, and not where it acts."""

    def __str__(self) -> str:
        return "The token is of no project: ask Keystone for one that is scoped to a project."


class NoRole(Exception):
    """The token is live, and its roles or its scope give nothing here. The text says which."""
