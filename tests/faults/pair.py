"""Two serving processes on one log, of which one leads."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from tests.faults.processes import Serving, wait_until


class Pair:
    """Two processes on one log, of which one leads."""

    def __init__(self, environ: dict[str, str], folder: Path, **of_the_first: str) -> None:
        """``of_the_first``: settings of the one that leads first, which the other has not."""
        self.both = [Serving(environ | of_the_first, folder), Serving(environ, folder)]

    def __enter__(self) -> Self:
        first, second = self.both
        first.start()
        first.until("leading")
        second.start()
        second.until("following")
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.both:
            one.stop()

    def apis(self) -> list[str]:
        return [one.api for one in self.both]

    def leader(self) -> Serving:
        wait_until(self._leading, what="one leads", log=self.both[0].log)
        return self._leading()[0]

    def other(self, one: Serving) -> Serving:
        """The one that it is not."""
        return next(other for other in self.both if other is not one)

    def complete(self) -> None:
        """The one that was killed stands by again."""
        for one in self.both:
            if not one.runs:
                one.start()
                one.until("following")

    def _leading(self) -> list[Serving]:
        leading = [one for one in self.both if one.role() == "leading"]
        assert len(leading) < 2  # never two writers
        return leading
