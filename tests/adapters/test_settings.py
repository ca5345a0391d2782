"""Settings that do not fit each other are refused at the start, in words."""

from __future__ import annotations

import pytest

from adapters import settings
from adapters.settings import SettingsInvalid

_DSN = {"ULLAGE_DSN": "dbname=ullage"}
_WHOLE = {
    "ULLAGE_KEYSTONE_URL": "https://keystone.example/v3",
    "ULLAGE_KEYSTONE_USER": "ullage",
    "ULLAGE_KEYSTONE_PASSWORD": "hush-2b9e",
    "ULLAGE_KEYSTONE_PROJECT": "service",
}


def test_a_keystone_is_asked_for_in_the_domain_that_most_have() -> None:
    given = settings.read(_DSN | _WHOLE)
    assert given.keystone_user_domain == given.keystone_project_domain == "Default"
    assert given.keystone_cache_seconds == 10


def test_no_keystone_needs_nothing() -> None:
    assert settings.read(_DSN).keystone_url == ""


@pytest.mark.parametrize("name", ["USER", "PASSWORD", "PROJECT"])
def test_a_keystone_needs_a_user_of_ours(name: str) -> None:
    environ = {k: v for k, v in (_DSN | _WHOLE).items() if not k.endswith(name)}
    with pytest.raises(SettingsInvalid, match=f"KEYSTONE_{name.upper()}") as refused:
        settings.read(environ)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "keystone.example"),
        ("URL", "file:///etc/passwd"),
        ("CACHE_SECONDS", "-1"),
        ("CACHE_SECONDS", "ten"),
    ],
)
def test_an_invalid_address_or_time_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"ULLAGE_KEYSTONE_{name}"):
        settings.read(_DSN | _WHOLE | {f"ULLAGE_KEYSTONE_{name}": value})


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_each_level_of_logs_may_be_chosen(level: str) -> None:
    assert settings.read(_DSN).log_level == "info"
    assert settings.read(_DSN | {"ULLAGE_LOG_LEVEL": level}).log_level == level


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning', 'error', as info"),
        ("LOG_FORMAT", "xml", "'json', 'text', as json"),
    ],
)
def test_logs_of_no_kind_are_refused_in_words(name: str, value: str, right: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        settings.read(_DSN | {f"ULLAGE_{name}": value})
    assert str(refused.value) == f"ULLAGE_{name} is {value!r}; it must be one of {right}."


def test_a_rate_limit_of_no_class_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        SettingsInvalid, match=r"has 'write'; there are reads, heavy_reads and writes"
    ):
        settings.read(_DSN | {"ULLAGE_RATE_LIMITS": '{"write": 5}'})


def test_rate_limits_that_are_not_named_are_as_they_were() -> None:
    given = settings.read(_DSN | {"ULLAGE_RATE_LIMITS": '{"member.writes": 5}'})
    assert given.default_rate_limits["member.writes"] == 5
    assert given.default_rate_limits["reads"] == 500
