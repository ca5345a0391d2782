"""The limits that are set for a project, for one user in it, or for all below it."""

from __future__ import annotations

from adapters.http.gateway import body
from adapters.http.native.fields import Reason


class QuotaBody(body.Body, frozen=True, kw_only=True):
    """``limits`` by resource: -1 is unlimited, null follows the defaults again, or those of the
    project if they are a user's; resources that are not named stay. ``force``: also below what is
    in use."""

    limits: dict[str, int | None]
    force: bool = False
    reason: Reason = ""
