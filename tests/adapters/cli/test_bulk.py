"""Many servers are scaled from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.adapters.cli.conftest import Ullage
from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, Region, size


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "scales.json"


def scales(region: Region, count: int = 2) -> list[dict[str, Any]]:
    return [{"server": str(region.adopted()), **size(LARGE)} for _ in range(count)]


@pytest.mark.parametrize("lines", [False, True])
def test_each_scale_of_a_bulk_is_shown_with_its_operation(
    ullage: Ullage, region: Region, file: Path, *, lines: bool
) -> None:
    wished = scales(region)
    made = [msgspec.json.encode(one) for one in wished]
    file.write_bytes(b"\n".join(made) if lines else b"\n[" + b",".join(made) + b"]")
    done = ullage("scale-many", str(file), "--reason", "the sale")
    assert done.code == 0
    for one in wished:
        shown = region.get(f"/v1/servers/{one['server']}").json()
        assert shown["operation"]["id"] in done.out


def test_a_bulk_may_name_servers(ullage: Ullage, region: Region, file: Path) -> None:
    server = region.adopted()
    name = region.get(f"/v1/servers/{server}").json()["name"]
    file.write_bytes(msgspec.json.encode([{"server": name, **size(LARGE)}]))
    told = ullage("scale-many", str(file), "--json").document
    assert told["scales"][0]["accepted"]["server"] == str(server)


def test_a_bulk_exits_as_its_first_refusal(ullage: Ullage, region: Region, file: Path) -> None:
    first, second = scales(region)
    region.scale(second["server"], LARGE)
    file.write_bytes(msgspec.json.encode([first, second]))
    told = ullage("scale-many", str(file))
    assert told.code == 3
    assert "is still open" in " ".join(told.out.split())


def test_an_all_or_nothing_bulk_with_a_refusal_scales_nothing(
    ullage: Ullage, region: Region, file: Path
) -> None:
    own, foreign = scales(region, 1), region.adopted(project=FOREIGN)
    file.write_bytes(msgspec.json.encode([*own, {"server": str(foreign), **size(LARGE)}]))
    head = region.head
    told = ullage("scale-many", str(file), "--all-or-nothing", as_="member")
    assert (told.code, str(foreign) in told.err, region.head) == (2, True, head)


@pytest.mark.parametrize(
    "content", [b"", b"[", b"{", b"[4]", b'{"vcpus":4}', b'[{"server":4,"vcpus":4}]']
)
def test_an_invalid_bulk_file_is_refused(asking: Ullage, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert asking("scale-many", str(file)).code == 2
    assert asking("scale-many", str(file / "nowhere")).code == 2
