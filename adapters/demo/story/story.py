"""The demo's story, told through the API as a stranger would use it, and checked as it goes."""

from __future__ import annotations

import msgspec
from rich.console import Console

from adapters.demo.region import DemoRegion
from adapters.demo.story.first_act import FirstAct
from adapters.demo.story.going_on import read_over_its_console
from adapters.demo.story.second_act import SecondAct
from adapters.demo.story.sizes import StorySizes, other
from adapters.demo.story.telling import Narrator, NotAsTold, Ullage
from adapters.demo.story.third_act import ThirdAct
from domain.shared.size import Size

__all__ = ["NotAsTold", "Told", "tell"]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The server that it was about, and what can be had next."""

    server: str
    next: Size


def tell(region: DemoRegion, console: Console, ullage: Ullage) -> Told:
    """All acts that can be told here. Raises NotAsTold."""
    with read_over_its_console():
        return _tell(Narrator(region, console, ullage))


def _tell(telling: Narrator) -> Told:
    telling.console.print()
    first = FirstAct(telling)
    asked = first.tell()
    moved = _second(telling, first.name, asked)
    if template := telling.region.hypervisor.template:
        ThirdAct(telling, template=template).tell()
    telling.chapter(
        "Can that be trusted? Each fact is chained to the one before, and usage is "
        "recomputed from nothing:"
    )
    telling.run("audit", "verify")
    return Told(server=first.name, next=other(asked.larger if moved else asked.to, asked.ceiling))


def _second(telling: Narrator, name: str, asked: StorySizes) -> bool:
    """Whether it could be told."""
    uri = telling.region.hypervisor.second
    if uri is None:
        telling.chapter(
            "The other acts need QEMU, and are left out: in the second a server moves to another "
            "host while it runs, in the third one is built."
        )
        return False
    act = SecondAct(telling, name=name, second=uri)
    if not act.has_room(asked):
        telling.chapter("The second act is left out: the other host has no room for it.")
        return False
    act.tell(asked)
    return True
