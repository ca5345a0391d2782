"""A read model is made anew while commands and reads go on, and nobody notices."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from adapters.readside.tables import NAMES
from tests.adapters.readside.story import Story, folded, picture, rows, saved
from tests.kit.region import OWN, Answer, Region, until

READS = ("/v1/servers", "/v1/operations", "/v1/history", f"/v1/projects/{OWN}/limits")


def _rebuilt(region: Region, name: str) -> None:
    assert region.post(f"/v1/projections/{name}/rebuild").status_code == 202
    until(lambda: not region.get("/v1/projections").json()["rebuild"]["running"])
    assert region.get("/v1/projections").json()["rebuild"]["error"] == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuilt_read_model_is_as_it_was(region: Region, name: str) -> None:
    Story(1).tell(region.process, 200)
    saved(region.process)
    tables, memory = rows(region.dsn), picture(region.process.readside.models)
    _rebuilt(region, name)
    assert rows(region.dsn) == tables
    assert picture(region.process.readside.models) == memory


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_read_model_is_whole_after_a_rebuild(region: Region, name: str) -> None:
    Story(1).tell(region.process, 200)
    saved(region.process)
    whole = rows(region.dsn)
    tables = ("quota_usage", "quota_parts", "quota_parents") if name == "limits" else (name,)
    with psycopg.connect(region.dsn, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"DELETE FROM {table} WHERE random() < 0.7")  # noqa: S608
    _rebuilt(region, name)
    assert rows(region.dsn) == whole


@contextmanager
def busy(region: Region, answers: list[Answer]) -> Iterator[None]:
    """Commands and reads keep coming."""
    done = threading.Event()

    def write() -> None:
        story = Story(5)
        while not done.is_set():
            story.tell(region.process, 10)

    def read() -> None:
        while not done.is_set():
            answers.extend(region.get(path) for path in READS)

    threads = [threading.Thread(target=work) for work in (write, read, read)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_commands_and_reads_go_on_during_a_rebuild(region: Region) -> None:
    answers: list[Answer] = []
    head = region.head
    with busy(region, answers):
        until(lambda: region.head > head + 50)
        for name in NAMES:
            _rebuilt(region, name)
        until(lambda: len(answers) > 40)
    saved(region.process)
    assert {answer.status_code for answer in answers} == {200}
    assert picture(region.process.readside.models) == picture(folded(region.process))
    tables = rows(region.dsn)
    for name in ("limits", "history"):
        _rebuilt(region, name)
    assert rows(region.dsn) == tables


def test_lists_are_answered_while_the_tables_wait_for_a_rebuild(region: Region) -> None:
    region.process.readside.patience = 0.05
    saved(region.process)
    with region.process._saver.paused:
        server = region.adopted()
        for path in READS[:3]:
            assert region.get(path).status_code == 200
            assert region.get(f"{path}?after={region.head}").status_code == 503
        assert region.get(f"/v1/servers/{server}?after={region.head}").status_code == 200
    assert region.get(f"/v1/servers?after={region.head}").status_code in {200, 503}
    saved(region.process)
    assert len(region.get("/v1/servers").json()["items"]) == 1


def test_one_rebuild_runs_at_a_time(region: Region) -> None:
    with region.process._saver.paused:
        assert region.post("/v1/projections/history/rebuild").status_code == 202
        second = region.post("/v1/projections/servers/rebuild")
        assert second.json()["type"] == "urn:ullage:problem:rebuild-running"
    until(lambda: not region.get("/v1/projections").json()["rebuild"]["running"])
    _rebuilt(region, "servers")


def test_an_unknown_read_model_cannot_be_rebuilt(region: Region) -> None:
    assert region.post("/v1/projections/facts/rebuild").status_code == 404
