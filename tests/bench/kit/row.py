"""One line of the result: what was measured, against what, and whether the budget is kept."""

from __future__ import annotations

from typing import Literal

import msgspec

Unit = Literal["/s", "ms", "MB", "%"]


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What the figure, or its ratio to the peer's figure, is to be at least or at most."""

    least: float | None = None
    most: float | None = None
    of: Literal["figure", "ratio", "percent"] = "figure"

    def kept(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def text(self, unit: str) -> str:
        unit = {"figure": unit, "ratio": " x", "percent": " %"}[self.of]
        bounds = (("≥", self.least), ("≤", self.most))
        return ", ".join(f"{sign} {_bound(value, unit)}" for sign, value in bounds if value)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``peer`` is a figure of the same unit and the same run; a row without a budget informs."""

    what: str
    figure: float
    unit: Unit
    peer: float | None = None
    peer_is: str = ""
    budget: Budget | None = None

    @property
    def ratio(self) -> float | None:
        return self.figure / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        if self.budget is None:
            return None
        ratio = self.ratio or 0.0
        value = {"figure": self.figure, "ratio": ratio, "percent": ratio * 100}[self.budget.of]
        return self.budget.kept(value)

    def cells(self) -> tuple[str, ...]:
        peer = f"{shown(self.peer, self.unit)} {self.peer_is}".strip() if self.peer else ""
        budget = self.budget.text(self.unit) if self.budget else ""
        met = {None: "", True: "yes", False: "NO"}[self.met]
        return self.what, shown(self.figure, self.unit), peer, self._ratio(), budget, met

    def _ratio(self) -> str:
        if self.ratio is None:
            return ""
        percent = self.budget is not None and self.budget.of == "percent"
        return shown(self.ratio * 100, " %") if percent else shown(self.ratio, " x")


def shown(value: float, unit: str) -> str:
    """Three digits that count; thousands set off."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    space = " " if unit in {"ms", "MB", "%"} else ""
    return f"{value:,.{digits}f}{space}{unit}"


def _bound(value: float, unit: str) -> str:
    return f"{value:,g}{'' if unit == '/s' else ' '}{unit.strip()}"


def percentile(values: list[float], share: int) -> float:
    """The value that ``share`` percent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
