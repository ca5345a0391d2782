"""Every command has a help page, and every option in it a word of explanation."""

from __future__ import annotations

import re

import pytest

from adapters.cli.commands import COMMANDS, FAMILIES
from adapters.cli.notes import NOTES
from tests.adapters.cli.conftest import Shell

# As in "│ --reason STR" with nothing behind it.
UNTOLD = re.compile(r"│ [* ]* ?(--[a-z-]+)( [A-Z.]+)?(?: --no[a-z-]*)? +│")


@pytest.mark.parametrize("command", [typed for typed, *_ in (*COMMANDS, *FAMILIES)])
def test_every_command_has_a_page(shell: Shell, command: str) -> None:
    told = shell(*command.split(), "--help")
    assert told.code == 0
    assert told.out.startswith(f"Usage: ullage {command}")
    assert UNTOLD.findall(told.out) == []


def test_notes_belong_to_commands() -> None:
    assert NOTES.keys() <= {typed for typed, *_ in COMMANDS}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("scale",), "`ullage scale` needs SERVER: name, id,"),
        (("scale", "x", "--vcpus", "y"), "--vcpus is 'y'; it must be a whole number, as 4."),
        (("limits", "a", "b"), "`ullage limits` has no use for 'b'."),
        (("scale", "x", "--vcpu", "2"), "Did you mean --vcpus?"),
        (("scale", "x", "--vcpus"), "`ullage scale` needs a value behind --vcpus: vCPUs;"),
        (("history", "--since", "then"), "'then' is no time: write 2026-07-01 or"),
        (("server", "lst"), 'Did you mean "list"?'),
    ],
)
def test_a_mistyped_command_is_told_where_to_read(
    shell: Shell, words: tuple[str, ...], says: str
) -> None:
    ended = shell(*words)
    assert ended.code == 2
    assert says in " ".join(ended.err.split())
    assert "--help`." in ended.err
