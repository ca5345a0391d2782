"""Third act: a server is built of a flavor and an image, and everything of it is given back."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.demo.story.telling import Narrator
from domain.shared.resources import gains, minus

_SIZE = ("--vcpus", "1", "--memory", "384MiB")
_MOST = ("--property", "hw:max_vcpus=2", "--property", "hw:max_memory_mb=1024")


class ThirdAct:
    """Needs QEMU. Raises NotAsTold."""

    def __init__(self, telling: Narrator, *, template: str) -> None:
        """``template``: what the guest of the first acts is made of."""
        self._telling = telling
        self._template = template
        self._project = telling.region.project
        # An earlier demo may have told its story in the same database.
        number = telling.region.number
        self._flavor, self._image, self._server = (
            f"{what}-{number}" for what in ("small", "linux", "web")
        )

    def tell(self) -> None:
        self._offer()
        self._build()
        self._delete()

    def _offer(self) -> None:
        telling = self._telling
        telling.chapter(
            "Third act. Servers can be built, too. The operator offers a flavor, and the same "
            "small Linux as an image:"
        )
        telling.run("flavor", "create", self._flavor, *_SIZE, *_MOST)
        telling.run("image", "create", self._image, "--template", self._file())

    def _build(self) -> None:
        telling, before = self._telling, self._used()
        telling.chapter("Ada builds a server. Its quota, its host and how far it can grow:")
        words = ("--flavor", self._flavor, "--image", self._image, "--wait")
        telling.run("server", "build", self._server, *words, member=True)
        telling.run("server", "show", self._server, member=True)
        grown = gains(minus(self._used(), before))
        telling.must(
            grown == {"instances": 1, "cores": 1, "ram": 384}, "the project holds one server more"
        )

    def _delete(self) -> None:
        telling = self._telling
        telling.chapter("She deletes it, and all that it held is given back:")
        telling.run("server", "delete", self._server, "--wait", member=True)
        telling.run("limits", self._project, member=True)
        telling.must(self._used()["instances"] == 1, "nothing of it is left in the quota")

    def _used(self) -> dict[str, int]:
        return {name: one["used"] for name, one in self._telling.limits().items()}

    def _file(self) -> str:
        file = self._telling.region.folder / "linux.xml"
        file.write_text(self._template, encoding="utf-8")
        return min(str(file), os.path.relpath(file, Path.cwd()), key=len)
