"""Whatever a library says of a value, people read which one it is, what it is, what it must be."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
import pytest

from adapters.invalid.words import in_words
from adapters.texts import PLAIN


class Cat(msgspec.Struct, tag="cat"): ...


class Dog(msgspec.Struct, tag="dog"): ...


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    cores: Annotated[int, msgspec.Meta(ge=1, lt=64)] = 1
    ratio: Annotated[float, msgspec.Meta(gt=0, le=100)] = 1.0
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=9, pattern=PLAIN)] = "a"
    policy: Literal["live", "restart"] = "live"
    level: Literal[1, 2] = 1
    wanted: bool | None = None
    id: UUID | None = None
    parts: Annotated[list[int], msgspec.Meta(max_length=2)] = []
    limits: dict[str, int | None] = {}
    pet: Cat | Dog | None = None
    below: list[Thing] = []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"cores": 0}, "cores is 0, but must be a whole number of at least 1."),
        ({"cores": 64}, "cores is 64, but must be a whole number of at most 63."),
        ({"cores": True}, "cores is true, but must be a whole number."),
        ({"cores": [4]}, "cores is a list, but must be a whole number."),
        ({"ratio": 0}, "ratio is 0, but must be a number of more than 0."),
        ({"ratio": 100.5}, "ratio is 100.5, but must be a number of at most 100."),
        ({"ratio": "x"}, 'ratio is "x", but must be a number.'),
        ({"name": ""}, "name has 0 characters, but must have at least 1."),
        ({"name": "a" * 10}, "name has 10 characters, but must have at most 9."),
        ({"name": 7}, "name is 7, but must be text."),
        (
            {"name": "a b"},
            (
                'name is "a b", but must be '
                "letters, digits and any of . _ : @ - behind the first of them."
            ),
        ),
        ({"policy": "die"}, 'policy is "die", but must be one of: live, restart.'),
        ({"level": 3}, "level is 3, but must be one of: 1, 2."),
        ({"wanted": "yes"}, 'wanted is "yes", but must be true or false or null.'),
        ({"id": "x"}, 'id is "x", but must be a UUID.'),
        ({"parts": [1, 2, 3]}, "parts has 3 entries, but must have at most 2."),
        ({"parts": [1, "b"]}, 'parts[1] is "b", but must be a whole number.'),
        (
            {"limits": {"ram": 1, "cores": "b"}},
            'limits.cores is "b", but must be a whole number or null.',
        ),
        ({"pet": {"type": "cow"}}, 'pet.type is "cow", but must be one of: cat, dog.'),
        ({"pet": {}}, "The field 'pet.type' is missing."),
        (
            {"below": [{"cores": 0}]},
            "below[0].cores is 0, but must be a whole number of at least 1.",
        ),
        (
            {"core": 4},
            (
                "There is no field 'core' here; there are below, cores, id, level, limits, name, "
                "parts, pet, policy, ratio, wanted."
            ),
        ),
        ({"name": {"a": 1}}, "name is an object, but must be text."),
        ([], "The body is a list, but must be an object."),
        ("x" * 100, 'The body is "' + "x" * 58 + "…, but must be an object."),
    ],
)
def test_a_refused_value_is_told_with_what_would_be_right(given: object, says: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.json.decode(msgspec.json.encode(given), type=Thing)
    assert in_words(str(refused.value), Thing, given) == says


def test_a_message_in_words_stays_as_it_is() -> None:
    assert in_words("keystone_url needs keystone_user", Thing, {}) == (
        "keystone_url needs keystone_user."
    )
