"""Words that Nova takes for a truth value."""

from __future__ import annotations

_TRUE = frozenset({"1", "t", "true", "on", "y", "yes"})
_FALSE = frozenset({"0", "f", "false", "off", "n", "no"})


def truth(value: bool | str) -> bool:
    """As oslo.utils' bool_from_string, strictly. Raises ValueError, in its words."""
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        known = ", ".join(f"'{one}'" for one in sorted(_TRUE | _FALSE))
        raise ValueError(f"Unrecognized value '{value}', acceptable values are: {known}")
    return word in _TRUE
