"""Words that Nova takes for a truth value."""

from __future__ import annotations

_TRUE = frozenset({"1", "t", "true", "on", "y", "yes"})
_FALSE = frozenset({"0", "f", "false", "off", "n", "no"})


def truth(value: bool | str) -> bool:
    """As oslo.utils' bool_from_string, strictly. Raises ValueError."""
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(value)
    return word in _TRUE
