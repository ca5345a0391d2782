"""What was recorded of Nova about a server, from its build to its end, asked again here."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.adapters.http.compute.kit.replay import Sample, Values, replay, samples
from tests.adapters.http.compute.kit.serving import (
    IMAGE,
    LARGE,
    PATIENT,
    becomes,
    booted,
    furnished,
    gone,
)
from tests.kit.hypervisor import Hang
from tests.kit.region import HOST, OWN, Answer, Region

WHO = "admin-of-demo"

# A server here has no disk of a name that is known, no password that would be set, and another name
# at its hypervisor's; flavors have no numbers; and other steps are done for an action.
OTHERWISE = frozenset(
    {
        *("adminPass", "OS-EXT-SRV-ATTR:root_device_name", "OS-EXT-SRV-ATTR:instance_name"),
        *("OS-EXT-SRV-ATTR:reservation_id", "id", "dest_host", "old_instance_type_id"),
        *("new_instance_type_id", "events"),
    }
)
_ID = "x-openstack-request-id"
RECORDED = [
    replace(one, headers=one.headers | {_ID: f"req-{UUID(int=0)}"})  # of whichever request
    for one in samples()
    if one.path.startswith(("/servers", "/os-migrations"))
]


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    with furnished(shared).carried(pace=PATIENT):
        yield shared


class Story:
    """The exchanges in their order, and what stands between them: Nova had time to do its work,
    and its operators changed a quota."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.values: Values = {"project": OWN, "user": WHO, "image": IMAGE, "host": HOST}
        self.hang = Hang()

    def tell(self, one: Sample) -> None:
        self.before(one)
        # Their links have an id in them that nobody knows before.
        unknown = one.path == "/servers" or one.path.endswith("os-instance-actions?limit=1")
        but = OTHERWISE | ({"links"} if unknown else frozenset())
        self.after(one, replay(self.region, one, self.values, but=but, as_=WHO))

    def before(self, one: Sample) -> None:
        cores = 1 if one.note == "over quota" else -1
        self.region.put(f"/v1/projects/{OWN}/quota", {"limits": {"cores": cores}, "force": True})
        if "resize" in (one.request or {}) and one.status == 202:
            self.hang = Hang()
            self.region.host.tell(UUID(self.values["server"]), self.hang)

    def after(self, one: Sample, told: Answer) -> None:
        asked = one.request or {}
        if one.method == "DELETE":
            gone(self.region, self.values["server"])
        elif "server" in asked and one.status == 202:
            self.values["server"] = told.json()["server"]["id"]
            self.becomes("ACTIVE")
        elif one.note == "again, while resizing" or "OS-DCF:diskConfig" in asked.get("resize", {}):
            self.hang.release()
            self.becomes("VERIFY_RESIZE")
        elif "revertResize" in asked:
            self.becomes("ACTIVE")
        if "resize" in asked and one.status == 202:
            self.values["request"] = told.headers[_ID]

    def becomes(self, status: str) -> None:
        becomes(self.region, self.values["server"], status)


def test_a_server_is_as_novas_from_its_build_to_its_end(region: Region) -> None:
    booted(region, flavorRef=LARGE)  # the two cores beside its own that Nova tells of
    story = Story(region)
    assert len(RECORDED) == 35
    for one in RECORDED:
        story.tell(one)
