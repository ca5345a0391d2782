"""What a text may be, as patterns; and in words, for who is refused by one."""

from __future__ import annotations

# `$` alone would let a last line end pass.
_END = r"$(?!\n)"

# No control characters: they have no place in a name, and PostgreSQL keeps no NUL.
PRINTABLE = rf"^[^\x00-\x1f\x7f]+{_END}"
PRINTABLE_OR_EMPTY = rf"^[^\x00-\x1f\x7f]*{_END}"
PLAIN = rf"^[A-Za-z0-9][A-Za-z0-9._:@-]*{_END}"
SPEC_KEY = rf"^[A-Za-z0-9._:-]+{_END}"
METADATA_KEY = rf"^[A-Za-z0-9._: -]+{_END}"
TRAIT = rf"^[A-Z0-9_]{{1,255}}{_END}"
KIND = rf"^[a-z.-]+{_END}"
# The part before the first dash has eight digits.
ID_PREFIX = rf"^[0-9a-fA-F]{{4}}[0-9a-fA-F-]{{0,32}}{_END}"
PLAN = rf"^[0-9]{{1,18}}-[0-9a-f]{{8}}{_END}"
CURSOR = rf"^[A-Za-z0-9_-]+{_END}"
CLOCK = rf"^([01][0-9]|2[0-3]):[0-5][0-9]{_END}"
MOMENT = rf"^\d{{4}}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d){_END}"
AS_OF = r"^([0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))" + _END
# Of the control characters XML has tabs and line ends only.
XML = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+{_END}"

WORDS: dict[str, str] = {
    PRINTABLE: "a text without control characters",
    PRINTABLE_OR_EMPTY: "a text without control characters",
    PLAIN: "letters, digits and any of . _ : @ - behind the first of them",
    SPEC_KEY: "letters, digits and any of . _ : -",
    METADATA_KEY: "letters, digits, spaces and any of . _ : -",
    TRAIT: "up to 255 of A to Z, 0 to 9 and _",
    KIND: "a kind of fact as in quota.changed",
    ID_PREFIX: "the beginning of an id: 4 or more hexadecimal digits",
    PLAN: "a plan's version as in 7-1f0c3a52",
    CURSOR: "a cursor as it was given out",
    CLOCK: "a time of day as in 22:30",
    MOMENT: "a time as in 2026-01-31T12:00:00Z",
    AS_OF: "a position of the log, or a time as in 2026-01-31T12:00:00Z",
    XML: "XML without control characters",
}


def seconds(count: int) -> str:
    """In words, for people who are to wait."""
    return "a second" if count == 1 else f"{count} seconds"
