"""The catalogue is the fold of each thing's own facts; what was deleted is not there."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.catalogue.flavor import (
    Flavor,
    FlavorChanged,
    FlavorCreated,
    FlavorDeleted,
    FlavorSettings,
)
from domain.catalogue.image import Image, ImageCreated, ImageSettings
from domain.catalogue.region_policy import POLICY, RegionPolicy, RegionPolicyChanged, RegionRules
from domain.schedules.window import Window, WindowSet
from domain.schedules.window_times import WindowTimes
from domain.shared.events import Event, Fact
from projections.catalogue import KINDS, Catalogue, Catalogued, CatalogueRow, columns
from tests.kit.examples import ADOPTED, NOON, SERVER

SHARED, HIDDEN = FlavorSettings(extra_specs={"b": "1", "a": ""}), FlavorSettings(public=False)
BIG = FlavorCreated(name="big", vcpus=4, memory_mib=8192, to=SHARED)
SMALL = FlavorCreated(name="small", vcpus=1, memory_mib=512, to=SHARED)
HIDES = FlavorChanged(was=SHARED, to=HIDDEN)
LINUX = ImageCreated(to=ImageSettings(name="linux"), template="<domain/>")
CLOSED = RegionPolicyChanged(was=RegionRules(), to=RegionRules(scaling=False))
NIGHT = WindowSet(
    was=None,
    to=WindowTimes(timezone="UTC", weekdays=("monday", "friday"), starts="22:00", minutes=60),
)
STORY: tuple[tuple[str, Event], ...] = (
    ("flavor:s", SMALL),
    (f"server:{SERVER}", ADOPTED),
    ("flavor:b:1", BIG),
    ("image:s", LINUX),
    ("flavor:b:1", HIDES),
    ("region:policy", CLOSED),
    ("window:night", NIGHT),
)


def folded(*events: tuple[str, Event]) -> Catalogue:
    catalogue = Catalogue()
    versions: dict[str, int] = {}
    for position, (stream, event) in enumerate(events, 1):
        versions[stream] = versions.get(stream, 0) + 1
        catalogue.apply(_fact(position, stream, versions[stream], event))
    return catalogue


def _fact(position: int, stream: str, version: int, event: Event) -> Fact[Any]:
    return Fact(
        position=position,
        stream=stream,
        version=version,
        at=NOON,
        by="wei",
        because=UUID(int=position),
        event=event,
    )


def test_each_catalogue_thing_is_the_fold_of_its_facts() -> None:
    catalogue = folded(*STORY)
    assert catalogue.get(Flavor, "b:1") == CatalogueRow(
        category="flavor",
        id="b:1",
        version=2,
        position=5,
        state=Flavor.begin(BIG).after(HIDES),
    )
    policy, night = catalogue.get(RegionPolicy, POLICY), catalogue.get(Window, "night")
    assert policy
    assert night
    assert (policy.state.scaling, night.state.times()) == (False, NIGHT.to)


def test_catalogue_things_of_a_kind_are_listed_by_id() -> None:
    catalogue = folded(*STORY)
    assert [row.id for row in catalogue.all(Flavor)] == ["b:1", "s"]
    assert [row.state.name for row in catalogue.all(Image)] == ["linux"]
    assert folded().all(Flavor) == []


def test_ids_of_different_catalogue_kinds_do_not_collide() -> None:
    catalogue = folded(*STORY)
    assert catalogue.get(Window, "s") is None
    assert catalogue.get(Flavor, "night") is None


def test_a_deleted_catalogue_thing_is_absent_until_created_again() -> None:
    gone = (*STORY, ("flavor:s", FlavorDeleted()))
    assert folded(*gone).get(Flavor, "s") is None
    assert [row.id for row in folded(*gone).all(Flavor)] == ["b:1"]
    again = folded(*gone, ("flavor:s", BIG)).get(Flavor, "s")
    assert again
    assert (again.version, again.state) == (3, Flavor.begin(BIG))


def test_changed_catalogue_rows_are_taken_once_in_their_last_state() -> None:
    catalogue = folded(*STORY, ("flavor:s", FlavorDeleted()))
    taken = {(row.category, row.id): row.version for row in catalogue.take_changed()}
    assert taken == {
        ("flavor", "s"): 2,
        ("flavor", "b:1"): 2,
        ("image", "s"): 1,
        ("region", "policy"): 1,
        ("window", "night"): 1,
    }
    assert catalogue.take_changed() == []


class Reserved(Event, frozen=True, kw_only=True, tag="promise.reserved"):
    """Room was promised."""


class Honoured(Event, frozen=True, kw_only=True, tag="promise.honoured"):
    """It was given, so that nothing follows."""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A kind with a field ``state`` whose words are its own."""

    category: ClassVar[str] = "promise"
    deleted: ClassVar[bool] = False

    state: Literal["pending", "active", "honoured"] = "pending"

    @property
    def is_over(self) -> bool:
        return self.state == "honoured"

    @classmethod
    def begin(cls, _: Event) -> Self:
        return cls()

    def after(self, event: Event) -> Self:
        return replace(self, state="honoured" if isinstance(event, Honoured) else "active")


def test_a_kind_says_itself_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "promise", Promise)
    made, active = ("promise:p", Reserved()), ("promise:p", Reserved())
    assert folded(made).get(Promise, "p")
    catalogue = folded(made, active)
    assert [row.state.state for row in catalogue.all(Promise)] == ["active"]
    over = folded(made, active, ("promise:p", Honoured()))
    assert over.get(Promise, "p") is None
    (row,) = over.take_changed()
    assert (row.state.state, columns([row])["is_over"]) == ("honoured", [True])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_declares_whether_it_is_there_and_whether_it_is_over(
    kind: type[Catalogued],
) -> None:
    assert {"deleted", "is_over"} <= set(dir(kind))


def test_catalogue_rows_are_loaded_as_they_were_saved() -> None:
    gone = (*STORY, ("flavor:s", FlavorDeleted()))
    rows = folded(*gone).take_changed()
    written = columns(rows)
    after = Catalogue()
    after.load(
        CatalogueRow(
            category=category,
            id=id_,
            version=version,
            position=position,
            state=msgspec.json.decode(state, type=KINDS[category]),
        )
        for category, id_, version, position, state, _ in zip(*written.values(), strict=True)
    )
    assert after._rows == folded(*gone)._rows
    assert after.take_changed() == []
