"""The parameters that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter, Token

from adapters.cli.kit import sizes


def _wait(_: object, tokens: Sequence[Token]) -> bool | float:
    """Without a number of seconds: to the end. Raises ValueError."""
    token = tokens[0]
    return float(token.value) if token.value else bool(token.implicit_value)


Json = Annotated[bool, Parameter(name="--json", help="The API's own document, for programs.")]
ServerArgument = Annotated[str, Parameter(help="Its id, or its name where that is the only one.")]
ServerOption = Annotated[str | None, Parameter(help="Only this server's; its id or name.")]
ProjectArgument = Annotated[str, Parameter(help="The project's id.")]
ProjectOption = Annotated[str | None, Parameter(help="Only this project's.")]
VcpusOption = Annotated[int | None, Parameter(help="vCPUs; as now if not given.")]
MemoryOption = Annotated[
    int | None,
    Parameter(
        converter=sizes.from_tokens,
        metavar="SIZE",
        help="Memory: 768MiB, 1.5GiB, or a number of MiB; as now if not given.",
    ),
]
ReasonOption = Annotated[str, Parameter(help="Why, for the history.")]
Wait = Annotated[
    bool | float,
    Parameter(
        # Also 1 is a number of seconds here, not a yes.
        converter=_wait,
        metavar="[SECONDS]",
        help="Wait for its end, or for as many seconds.",
    ),
]
LimitOption = Annotated[int, Parameter(help="Rows at most.", show_default=True)]
Every = Annotated[bool, Parameter(name="--all", help="All of them, however many.")]
KeyOption = Annotated[
    str | None, Parameter(help="The same key gets the same answer, and nothing is done twice.")
]
ConsentOption = Annotated[
    Literal["live", "migrate", "restart"],
    Parameter(help="What may be done beside a live change, never more.", show_default=True),
]
