"""Who asks again for a deletion under its key is answered as it was, though the server is gone."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.adapters.http.native.test_problems import told
from tests.kit.region import Answer, NewRegion, Region

KEY = {"idempotency-key": "d-1"}


def _delete(region: Region, server: UUID, *, as_: str = "member", **headers: str) -> Answer:
    return region.ask("DELETE", f"/v1/servers/{server}", as_=as_, headers=headers)


@pytest.fixture
def gone(region: Region) -> tuple[UUID, Answer]:
    """Deleted by a member under a key, with what it was answered."""
    server = region.adopted()
    first = _delete(region, server, **KEY)
    assert first.status_code == 202
    with region.carried():
        assert region.ended(first.json()["operation"])["state"] == "succeeded"
    return server, first


def test_a_repeated_deletion_is_answered_byte_for_byte(
    region: Region, gone: tuple[UUID, Answer]
) -> None:
    server, first = gone
    head = region.head
    again = _delete(region, server, **KEY)
    assert (again.status_code, again.content) == (202, first.content)
    for name in ("location", "ullage-position"):
        assert again.headers[name] == first.headers[name]
    assert region.head == head


def test_a_repeated_deletion_is_answered_after_a_restart_too(new_region: NewRegion) -> None:
    region = new_region().leading()
    server = region.adopted()
    first = _delete(region, server, **KEY)
    with region.carried():
        region.ended(first.json()["operation"])
    region.stop()
    after = new_region(region.hosts).leading()
    assert _delete(after, server, **KEY).content == first.content
    waited = _delete(after, server, **KEY, prefer="wait=20")
    assert (waited.status_code, waited.json()["state"]) == (200, "succeeded")


def test_a_deleted_server_is_absent_without_its_deletions_key(
    region: Region, gone: tuple[UUID, Answer]
) -> None:
    server, _ = gone
    told(_delete(region, server), 404, "not-found")
    told(_delete(region, server, **{"idempotency-key": "d-2"}), 404, "not-found")


def test_a_deletions_key_is_good_for_its_caller_only(
    region: Region, gone: tuple[UUID, Answer]
) -> None:
    server, _ = gone
    for other in ("admin", "foreign-member"):
        told(_delete(region, server, as_=other, **KEY), 404, "not-found")


def test_a_deletions_key_is_good_for_its_server_only(
    region: Region, gone: tuple[UUID, Answer]
) -> None:
    told(_delete(region, UUID(int=gone[0].int ^ 1), **KEY), 422, "key-reused")
    told(_delete(region, region.adopted(), **KEY), 422, "key-reused")
