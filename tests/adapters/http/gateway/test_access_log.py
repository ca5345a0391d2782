"""Every request leaves one line, which says who asked for what, and no secret."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import structlog

from adapters.http.gateway import access_log, audit_log
from adapters.http.gateway.access_log import log_access
from adapters.http.gateway.audit_log import log_audit
from tests.adapters.http.kit.logged import logged, shown_id
from tests.kit.region import OWN, NewRegion, Region

_SECRETS = ("hush-header", "hush-query", "hush-body", "hush-cookie", "hush-bearer")


def test_a_line_tells_who_asked_for_what_and_how_it_went(shared: Region) -> None:
    with logged(1) as lines:
        answer = shared.get("/v1/projects/demo/limits")
    (line,) = lines
    assert line.pop("ms") > 0
    assert line == {
        "event": "request",
        "log_level": "debug",
        "request_id": shown_id(answer),
        "actor": "admin",
        "role": "admin",
        "project": None,
        "method": "GET",
        "route": "/v1/projects/{project}/limits",
        "status": 200,
    }


@pytest.mark.parametrize(
    ("path", "as_", "level"),
    [
        ("/v1/servers", "admin", "debug"),
        ("/compute/v2.1/servers", "member", "debug"),
        ("/v1/nothing", "admin", "info"),
        ("/healthz", None, "debug"),
        ("/readyz", None, "debug"),
        ("/metrics", "admin", "debug"),
    ],
)
def test_a_read_is_logged_at_debug_and_a_refusal_at_info(
    shared: Region, path: str, as_: str | None, level: str
) -> None:
    with logged(1) as lines:
        answer = shared.get(path, as_=as_)
    (line,) = lines
    assert (line["route"], line["status"]) == (path, answer.status_code)
    assert line["log_level"] == level


def test_who_is_confined_to_a_project_is_named_with_it(shared: Region) -> None:
    with logged(1) as lines:
        shared.get("/v1/servers", as_="reader")
    (line,) = lines
    assert (line["role"], line["project"]) == ("reader", OWN)


def test_below_the_level_nothing_is_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"path": "/v1/servers", "method": "PUT"}
    _log_from(logging.WARNING, monkeypatch)
    log_access(nothing, 200, 0.1)
    log_audit(nothing, 200, [], 0.1)
    _log_from(logging.INFO, monkeypatch)
    with pytest.raises(KeyError):
        log_access(nothing, 200, 0.1)
    with pytest.raises(KeyError):
        log_audit(nothing, 200, [], 0.1)


def _log_from(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loggers of their own: those that are there may keep the level that they began with."""
    for module in (access_log, audit_log):
        logger = structlog.wrap_logger(
            structlog.ReturnLogger(), wrapper_class=structlog.make_filtering_bound_logger(level)
        )
        monkeypatch.setattr(module, "_log", logger)


@pytest.mark.parametrize("path", ["/v1/projects/demo/quota", "/compute/v2.1/os-server-groups"])
def test_no_secret_of_a_request_is_logged(
    shared: Region, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="adapters")
    secrets = {"x-secret": "hush-header", "cookie": "session=hush-cookie"}
    body = {"password": "hush-body"}
    with logged(7) as lines:
        for as_ in ("admin", None):
            query = f"{path}?password=hush-query"
            shared.ask("POST", query, body, as_=as_, headers=secrets)
            shared.ask("PUT", path, body, as_=as_, headers=secrets)
            shared.ask("PUT", path, content=b'{"hush-body', as_=as_, headers=secrets)
        shared.ask("GET", path, as_=None, headers={"authorization": "Bearer hush-bearer"})
    said = repr(lines) + caplog.text.replace(query, path)
    secret = (*_SECRETS, shared.tokens["admin"], "password")
    assert [one for one in secret if one in said] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/projects/demo/quota", {"limits": {"cores": 9}}),
        ("/compute/v2.1/os-quota-sets/demo", {"quota_set": {"cores": 9}}),
    ],
)
def test_a_write_that_is_handed_on_has_at_both_the_id_that_its_caller_sees(
    new_region: NewRegion, path: str, body: Any
) -> None:
    leading = new_region().leading()
    following = new_region(leading.hosts).start()
    with logged(2) as lines:
        answer = following.ask("PUT", path, body)
    assert answer.status_code == 200, answer.text
    said = [line["event"] for line in lines if line["request_id"] == shown_id(answer)]
    assert sorted(said) == ["done", "request"]
