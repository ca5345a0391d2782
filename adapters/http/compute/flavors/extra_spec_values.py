"""What the value of an extra spec may be, and Nova's words for one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from adapters.http.compute.gateway.truth import truth

Check = Callable[[str], str | None]
"""What is wrong with a value; None where nothing is."""


def boolean(value: str) -> str | None:
    try:
        truth(value)
    except ValueError:
        return f"'{value}' is not a valid boolean-like value."
    return None


def integer(value: str) -> str | None:
    try:
        int(value)
    except ValueError:
        return f"'{value}' is not a valid integer value."
    return None


def at_least(least: int, most: int | None = None) -> Check:
    def checked(value: str) -> str | None:
        if wrong := integer(value):
            return wrong
        number = int(value)
        if most is not None and most < number:
            return f"'{number}' is greater than the max value of '{most}'."
        if number < least:
            return f"'{number}' is less than the min value of '{least}'."
        return None

    return checked


def one_of(*words: str) -> Check:
    def checked(value: str) -> str | None:
        return None if value in words else f"'{value}' is not one of: {', '.join(words)}."

    return checked


def of_form(pattern: str, nova: str = "") -> Check:
    """``nova``: its own pattern, where looking for that would take for ever."""

    def checked(value: str) -> str | None:
        matches = re.fullmatch(pattern, value)
        return None if matches else f"'{value}' is not of the format '{nova or pattern}'."

    return checked


def anything(_: str) -> str | None:
    return None
