"""Asking the Compute door in some microversion, and what it said when it refused."""

from __future__ import annotations

from typing import Any

from tests.kit.region import Answer, Region

BASE = "/compute/v2.1"
GROUPS = "/os-server-groups"


class Asking:
    """The same region, microversion and caller every time."""

    def __init__(self, region: Region, at: str = "2.57", as_: str = "admin") -> None:
        self.region = region
        self.at = at
        self.as_ = as_

    def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        headers = {"openstack-api-version": f"compute {self.at}"}
        return self.region.ask(method, f"{BASE}{path}", body, as_=self.as_, headers=headers)

    def shown(self, path: str) -> Any:
        """What is at the path."""
        answer = self("GET", path)
        assert answer.status_code == 200, answer.text
        (name,) = answer.json()
        return answer.json()[name]

    def group(self, name: str = "a", policy: str = "affinity") -> str:
        """The id of a new one."""
        new = {"name": name, "policies": [policy]}
        answer = self("POST", GROUPS, {"server_group": new})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["server_group"]["id"])


def refused(answer: Answer) -> tuple[int, str]:
    """The code and the words."""
    (told,) = answer.json().values()
    assert told["code"] == answer.status_code
    return told["code"], told["message"]
