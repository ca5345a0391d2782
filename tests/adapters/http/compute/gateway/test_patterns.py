"""Which regular expressions callers may give, and what these find."""

from __future__ import annotations

import pytest

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.matching import Matched, must_be_bounded
from adapters.http.compute.gateway.patterns import LARGEST, LONGEST, Pattern, PatternInvalid

_HAVE_NOT = "(backreferences and look-around are not supported)"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"^(.?){250}\1z$", rf"invalid escape sequence: \1 {_HAVE_NOT}"),
        ("(?=a)", f"invalid perl operator: (?= {_HAVE_NOT}"),
        ("(?<!a)b", f"invalid perl operator: (?<! {_HAVE_NOT}"),
        ("(?i)a(b", f"missing ): (?i)a(b {_HAVE_NOT}"),
        ("a{1001}", f"invalid repetition size: {{1001}} {_HAVE_NOT}"),
        ("((a{9}){9}){9}{9}", f"bad repetition operator: {{9}}{{9}} {_HAVE_NOT}"),
        ("(.{1,30}){1,30}", f"pattern too large - compile failed {_HAVE_NOT}"),
        ("((a{1,10}){1,10}){1,10}", f"it takes 2003 steps, and may take {LARGEST}: repeat less"),
        (r"\pL", r"it has a class of Unicode (\p or \P), and may have none"),
        (r"\\\P{Greek}", r"it has a class of Unicode (\p or \P), and may have none"),
        pytest.param(
            "a" * (LONGEST + 1),
            f"it has {LONGEST + 1} characters, and may have {LONGEST}",
            id="long",
        ),
    ],
)
def test_a_pattern_that_could_take_long_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(PatternInvalid) as refused:
        Pattern(pattern)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("pattern", "value", "found"),
    [
        ("web", "my-web-1", True),
        ("Web", "web", False),
        ("(?i)Web", "web", True),
        ("^web-[0-9]+$", "web-12", True),
        ("^web-[0-9]+$", "web-12 ", False),
        ("a.b", "a\nb", True),
        ("^b", "a\nb", False),
        ("[[:upper:]]", "a", False),
        (r"\\p", r"a\p", True),
        ("☃", "a ☃", True),
        ("", "anything", True),
        ("(x+x+)+y", "x" * 50, False),
        ("^(.?){120}z$", "x" * 50, False),
    ],
)
def test_a_pattern_is_found_as_by_nova(pattern: str, value: str, found: bool) -> None:
    assert Pattern(pattern).found(value) is found


def test_a_pattern_costs_its_steps_for_every_character() -> None:
    assert Pattern("web").cost(["a" * 10, "b"]) == 11
    assert Pattern("^(.?){120}z$").cost(["a" * 10]) > 9000


def test_patterns_are_bounded_over_all_that_is_listed() -> None:
    one = Matched(Pattern("^(.?){120}z$"), ["x" * 255] * 100)
    must_be_bounded([one])
    with pytest.raises(Fault, match="Use shorter patterns, or list less"):
        must_be_bounded([one] * 5)
