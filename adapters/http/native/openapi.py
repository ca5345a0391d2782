"""The API's own description: Litestar's, with what it cannot know of strict bodies and problems."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Router
from litestar.openapi.plugins import OpenAPIRenderPlugin

from adapters.http.gateway.policy import OPEN
from adapters.http.native.catalogue.flavors import FlavorBody, FlavorChanges
from adapters.http.native.catalogue.images import ImageBody, ImageChanges
from adapters.http.native.operations.operations import CancelBody
from adapters.http.native.placement.hosts import TermsBody
from adapters.http.native.placement.server_groups import GroupBody
from adapters.http.native.quotas.quota_class import QuotaClassBody
from adapters.http.native.quotas.quota_tree import ParentBody
from adapters.http.native.quotas.quotas import QuotaBody
from adapters.http.native.region.region_policy import PolicyBody
from adapters.http.native.scaling.bulk import ScalesBody
from adapters.http.native.scaling.recommendations import AutoscalingBody, RecommendationBody
from adapters.http.native.scaling.resizing import ResizeBody
from adapters.http.native.scaling.scaling import CeilingBody, ScalableBody, ScaleBody
from adapters.http.native.schedules.schedules import ScheduleBody, ScheduleChanges
from adapters.http.native.schedules.windows import WindowBody
from adapters.http.native.servers.adoptions import AdoptBody
from adapters.http.native.servers.building import BuildBody
from adapters.http.native.servers.describing import ServerChanges
from adapters.http.native.servers.drift import AdoptDriftBody
from adapters.http.native.servers.servers import WhyBody
from adapters.relay_wire import Observations, Outcomes
from commands.catalogue.create_flavor import FlavorRecorded
from commands.catalogue.create_image import ImageRecorded
from commands.command import Reply
from commands.drift.adopt_drift import DriftTaken
from commands.ledger.server_groups import GroupRecorded
from commands.operations.resolve_operation import ReadBackAccepted
from commands.placement.set_host_terms import TermsSet
from commands.placement.set_region_policy import PolicyRecorded
from commands.quotas.move_project import ProjectMoved
from commands.quotas.set_quota import QuotaSet
from commands.quotas.set_quota_class import QuotaClassSet
from commands.scaling.declare_ceiling import CeilingSet
from commands.scaling.flag_server import FlagSet
from commands.scaling.scale_server import ScaleAccepted
from commands.scaling.set_autoscaling import AutoscalingRecorded
from commands.schedules.change_schedule import ScheduleRecorded
from commands.schedules.schedule_scale import Scheduled
from commands.schedules.set_window import WindowRecorded
from commands.servers.build_server import BuildAccepted
from commands.servers.describe_server import ServerDescription
from commands.servers.power_server import OperationAccepted

BODIES: dict[str, type[msgspec.Struct]] = {
    "adopt_server": AdoptBody,
    "build_server": BuildBody,
    "start_server": WhyBody,
    "stop_server": WhyBody,
    "change_server": ServerChanges,
    "resize_server": ResizeBody,
    "confirm_resize": WhyBody,
    "revert_resize": WhyBody,
    "declare_ceiling": CeilingBody,
    "flag_server": ScalableBody,
    "scale_server": ScaleBody,
    "scale_servers": ScalesBody,
    "schedule_scale": ScheduleBody,
    "change_schedule": ScheduleChanges,
    "set_autoscaling": AutoscalingBody,
    "recommend_size": RecommendationBody,
    "adopt_drift": AdoptDriftBody,
    "reapply_drift": WhyBody,
    "cancel_operation": CancelBody,
    "set_host_terms": TermsBody,
    "create_flavor": FlavorBody,
    "change_flavor": FlavorChanges,
    "create_image": ImageBody,
    "change_image": ImageChanges,
    "set_window": WindowBody,
    "set_region_policy": PolicyBody,
    "set_quota": QuotaBody,
    "set_user_quota": QuotaBody,
    "set_shared_quota": QuotaBody,
    "set_quota_class": QuotaClassBody,
    "move_project": ParentBody,
    "create_server_group": GroupBody,
    "report_outcomes": Outcomes,
    "report_observations": Observations,
}

# Handlers that hand on a recorded reply as its bytes.
REPLIES: dict[str, type[msgspec.Struct]] = {
    "declare_ceiling": CeilingSet,
    "flag_server": FlagSet,
    "schedule_scale": Scheduled,
    "change_schedule": ScheduleRecorded,
    "set_autoscaling": AutoscalingRecorded,
    "adopt_drift": DriftTaken,
    "set_host_terms": TermsSet,
    "create_flavor": FlavorRecorded,
    "change_flavor": FlavorRecorded,
    "create_image": ImageRecorded,
    "change_image": ImageRecorded,
    "set_window": WindowRecorded,
    "set_region_policy": PolicyRecorded,
    "set_quota": QuotaSet,
    "reset_quota": QuotaSet,
    "set_user_quota": QuotaSet,
    "reset_user_quota": QuotaSet,
    "set_shared_quota": QuotaSet,
    "set_quota_class": QuotaClassSet,
    "move_project": ProjectMoved,
    "create_server_group": GroupRecorded,
    "join_server_group": GroupRecorded,
    "leave_server_group": GroupRecorded,
    "resolve_operation": ReadBackAccepted,
    "cancel_operation": Reply,
    "change_server": ServerDescription,
    "confirm_resize": Reply,
}

# The same of those that are answered, to a caller who prefers to wait, with how it ended.
ACCEPTED: dict[str, type[msgspec.Struct]] = {
    "build_server": BuildAccepted,
    "start_server": OperationAccepted,
    "stop_server": OperationAccepted,
    "delete_server": OperationAccepted,
    "scale_server": ScaleAccepted,
    "reapply_drift": OperationAccepted,
    "resize_server": OperationAccepted,
    "revert_resize": OperationAccepted,
}

# Repeating these does no harm by itself.
_NO_KEY = frozenset({"report_outcomes", "report_observations", "rebuild_projection"})

_REF = "#/components/schemas/{name}"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable: urn:ullage:problem:<name>."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key and body get the same answer, and nothing is done twice.",
}


class CompletedOpenAPI(OpenAPIRenderPlugin):
    """Serves the completed document as JSON, and nothing from outside."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._rendered: bytes | None = None

    def render(self, _: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if self._rendered is None:
            self._rendered = msgspec.json.encode(completed(openapi_schema))
        return self._rendered

    def receive_router(self, router: Router) -> None:
        """Without Litestar's own answer to what is unknown under /v1, which is a page of HTML."""
        router.routes[:] = [route for route in router.routes if not route.path_parameters]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    told = [*BODIES.values(), *REPLIES.values(), *ACCEPTED.values()]
    refs, known = msgspec.json.schema_components(told, ref_template=_REF)
    schemas |= known | {"Problem": _PROBLEM}
    by_name = dict(zip(BODIES, refs, strict=False))
    replies = dict(zip([*REPLIES, *ACCEPTED], refs[len(BODIES) :], strict=True))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(method, operation, by_name.get(operation["operationId"]))
            if reply := replies.get(operation["operationId"]):
                _replies(operation, reply)
            if path in OPEN:
                operation["security"] = []
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return document


def _complete(method: str, operation: dict[str, Any], body: dict[str, Any] | None) -> None:
    operation["responses"] = {
        code: response for code, response in operation["responses"].items() if code < "400"
    }
    operation["responses"].get("204", {}).pop("content", None)
    operation["responses"]["default"] = {
        "description": "A problem (RFC 9457).",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    if method in {"post", "delete"} and operation["operationId"] not in _NO_KEY:
        operation.setdefault("parameters", []).append(_KEY)


def _replies(operation: dict[str, Any], reply: dict[str, Any]) -> None:
    (done,) = (code for code in operation["responses"] if code < "400")
    operation["responses"][done]["content"] = {"application/json": {"schema": reply}}
    if operation["operationId"] in ACCEPTED:
        operation["responses"]["200"] = {
            "description": "It has ended within the time that the caller preferred to wait.",
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(name="OperationView")}}
            },
        }
