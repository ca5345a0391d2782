"""The parameters that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter, Token

from adapters.cli.kit import completing, sizes


def _wait(_: object, tokens: Sequence[Token]) -> bool | float:
    """Without a number of seconds: to the end. Raises ValueError."""
    token = tokens[0]
    return float(token.value) if token.value else bool(token.implicit_value)


Json = Annotated[bool, Parameter(name="--json", help="Print the API's JSON, for programs.")]
Ids = Annotated[bool, Parameter(name="--ids", help="Show whole ids.")]
ServerArgument = Annotated[
    str,
    Parameter(
        help="Name, id, or the first 4 or more digits of the id.", completer=completing.SERVERS
    ),
]
ServerOption = Annotated[
    str | None,
    Parameter(
        help="Only this server: name, id, or the first digits of its id.",
        completer=completing.SERVERS,
    ),
]
ProjectArgument = Annotated[str, Parameter(help="Project id.", completer=completing.PROJECTS)]
ProjectOption = Annotated[
    str | None, Parameter(help="Only this project.", completer=completing.PROJECTS)
]
VcpusOption = Annotated[int | None, Parameter(help="vCPUs; unchanged if not given.")]
MemoryOption = Annotated[
    int | None,
    Parameter(
        converter=sizes.from_tokens,
        metavar="SIZE",
        help="Memory: 768MiB, 1.5GiB, or a number of MiB; unchanged if not given.",
    ),
]
ReasonOption = Annotated[str, Parameter(help="Reason, kept in the history.")]
Wait = Annotated[
    bool | float,
    Parameter(
        # Also 1 is a number of seconds here, not a yes.
        converter=_wait,
        metavar="[SECONDS]",
        help="Wait until it ends, or this many seconds.",
    ),
]
LimitOption = Annotated[int, Parameter(help="Show at most this many.", show_default=True)]
Every = Annotated[bool, Parameter(name="--all", help="Show all of them.")]
KeyOption = Annotated[
    str | None, Parameter(help="Repeat a request under its key: nothing is done twice.")
]
ConsentOption = Annotated[
    Literal["live", "migrate", "restart"],
    Parameter(help="The most disruptive change you agree to.", show_default=True),
]
