"""What can go wrong with asking Keystone, and with the tokens it knows."""

from __future__ import annotations

from adapters.texts import seconds


class IdentityUnavailable(Exception):
    """Keystone does not answer, or refuses Ullage's own user. The caller is not known, so not
    let in."""

    def __str__(self) -> str:
        return "Keystone cannot be reached at this moment. Nothing was done; try again."


class TooManyNewTokens(Exception):
    """From one address came more tokens that are not known yet than Keystone is asked about.
    ``per_second``: of how many it is asked; ``retry_after``: seconds."""

    def __init__(self, per_second: float, retry_after: int) -> None:
        super().__init__()
        self.per_second = per_second
        self.retry_after = retry_after

    def __str__(self) -> str:
        return (
            f"From this address came more new tokens than the {self.per_second:g} a second that "
            f"Keystone is asked about. Nothing was done; try again in {seconds(self.retry_after)}, "
            "and use a token for as long as it lives."
        )


class NotScoped(Exception):
    """The token names a caller, but neither a project nor the system."""

    def __str__(self) -> str:
        return "The token has no scope; get one from Keystone that is scoped to a project."


class NoRole(Exception):
    """The token is valid, but its roles or its scope allow nothing here. The text says which."""
