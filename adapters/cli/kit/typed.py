"""What was typed wrong, in words: what it is, what it must be, and where to read more."""

from __future__ import annotations

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnusedCliTokensError

from adapters.cli.kit.ending import Stopped

_KINDS = {"int": "a whole number, as 4", "float": "a number, as 1.5", "UUID": "a whole id"}


def refused(error: CycloptsError) -> Stopped:
    """The end that the library's refusal stands for, with the help to read."""
    command = " ".join(["ullage", *(error.command_chain or ())])
    return Stopped(_says(error, command), hint=f"See `{command} --help`.")


def _says(error: CycloptsError, command: str) -> str:
    match error:
        case UnusedCliTokensError(unused_tokens=[*words]):
            return f"`{command}` has no use for {', '.join(map(repr, words))}."
        case MissingArgumentError(argument=argument) if argument:
            needed = error.keyword or argument.name
            given = " a value behind" if needed.startswith("-") and error.keyword else ""
            return f"`{command}` needs{given} {needed}{_help(argument.parameter.help)}"
        case CoercionError(msg=None, token=token, argument=argument, target_type=kind) if (
            token and argument and (said := _KINDS.get(getattr(kind, "__name__", "")))
        ):
            return f"{argument.name} is {token.value!r}; it must be {said}."
        case _:
            return str(error)


def _help(said: str | None) -> str:
    return f": {said[0].lower()}{said[1:]}" if said else "."
