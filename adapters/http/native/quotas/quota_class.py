"""/v1/quota-classes/default: the limits of every project that has none of its own."""

from __future__ import annotations

from litestar import Response, get, put
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, seen_at
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, reply, told
from adapters.http.gateway.region import Region
from adapters.http.native.fields import After, Reason
from commands.quotas.set_quota_class import QuotaClassSet, SetQuotaClass
from domain.shared.resources import Amounts


class QuotaClassBody(body.Body, frozen=True, kw_only=True):
    """``limits`` by resource: -1 is unlimited; resources that are not named stay."""

    limits: Amounts
    reason: Reason = ""


@get("/v1/quota-classes/default", name="show_quota_class")
async def show_quota_class(
    region: NamedDependency[Region], after: After = None, as_of: AsOf = None
) -> Response[QuotaClassSet]:
    """The default limits; what is not named is unlimited."""
    seen = await seen_at(region, after, as_of)
    limits = seen.limits
    view = QuotaClassSet(limits=limits.defaults, version=limits.class_version)
    return Response(view, headers=etag(view.version) | seen.headers)


@put("/v1/quota-classes/default", name="set_quota_class")
async def set_quota_class(request: Asking, region: NamedDependency[Region]) -> Response[bytes]:
    """Change the default limits; they hold from the next request on, and touch nothing there is."""
    asked = await body.read(request, QuotaClassBody)
    command = SetQuotaClass(
        limits=asked.limits, expected=expected_version(request), reason=asked.reason
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, QuotaClassSet).version))
