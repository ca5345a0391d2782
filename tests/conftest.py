"""What every test may ask for: a database of its own on the one PostgreSQL of this run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import structlog

from tests.kit import order
from tests.kit.postgres import Server, database, serving

if TYPE_CHECKING:
    from tests.kit.keystone import Keystone

_WITHOUT_DATABASE = ("tests/domain", "tests/commands", "tests/projections", "tests/test_arch")
"""Where only these are asked for, none is started before somebody wants it after all."""
_SERVER = pytest.StashKey[Server]()


class _Worker(Protocol):
    """What pytest-xdist tells about a worker that it is about to start."""

    config: pytest.Config
    workerinput: dict[str, Any]


def pytest_configure(config: pytest.Config) -> None:
    """What a region inside the test's process logs is no output of the test: from a warning on,
    pytest shows it with a failure."""
    order.folder_by_folder(config.args)
    structlog.configure(logger_factory=structlog.stdlib.LoggerFactory())


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.share(items)
    order.longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: _Worker) -> None:
    """Tell a pytest-xdist worker where the server is that all workers share."""
    if not all(path.startswith(_WITHOUT_DATABASE) for path in node.config.args):
        server = _running(node.config)
        node.workerinput["postgres"] = [server.dsn, server.template]


def _running(config: pytest.Config) -> Server:
    """The run's server; started for who asks first, and stopped by the same process."""
    if shared := getattr(config, "workerinput", {}).get("postgres"):
        return Server(*shared)
    if _SERVER not in config.stash:
        stack = ExitStack()
        config.stash[_SERVER] = stack.enter_context(serving())
        config.add_cleanup(stack.close)
    return config.stash[_SERVER]


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Server:
    """The PostgreSQL server that all tests of this run share."""
    return _running(request.config)


@pytest.fixture(name="database")
def _database(postgres: Server) -> Iterator[str]:
    """The DSN of a new database with the present schema, dropped after the test."""
    with database(postgres) as dsn:
        yield dsn


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """The DSN of a new database with nothing in it, dropped after the test."""
    with database(postgres, migrated=False) as dsn:
        yield dsn


@pytest.fixture(name="keystone", scope="session")
def _keystone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keystone]:
    """A genuine Keystone. Who asks for it is of the xdist_group "keystone": so there is one."""
    from tests.kit.keystone import serving as keystone  # noqa: PLC0415 (loads what few need)

    with keystone(tmp_path_factory.mktemp("keystone")) as one:
        yield one
