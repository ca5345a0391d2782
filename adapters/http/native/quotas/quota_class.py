"""/v1/quota-classes/default: the limits of every project that has none of its own."""

from __future__ import annotations

from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, seen_at
from adapters.http.gateway.dispatch import Asking, etag, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import After, Reason
from adapters.http.native.routes import get, put
from commands.command import Command
from commands.quotas.set_quota_class import QuotaClassSet, SetQuotaClass
from domain.shared.resources import Amounts


class QuotaClassBody(body.Body, frozen=True, kw_only=True):
    """``limits`` by resource: -1 is unlimited; resources that are not named stay."""

    limits: Amounts
    reason: Reason = ""


@get("/v1/quota-classes/default", may="see")
async def show_quota_class(
    reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[QuotaClassSet]:
    """The default limits; what is not named is unlimited."""
    seen = await seen_at(reads, after, as_of)
    limits = seen.limits
    view = QuotaClassSet(limits=limits.defaults, version=limits.class_version)
    return Response(view, headers=etag(view.version) | seen.headers)


@put("/v1/quota-classes/default", may="operate", reply=QuotaClassSet)
async def set_quota_class(request: Asking, asked: QuotaClassBody) -> Command:
    """Change the default limits; they hold from the next request on, and touch nothing there is."""
    return SetQuotaClass(
        limits=asked.limits, expected=expected_version(request), reason=asked.reason
    )
