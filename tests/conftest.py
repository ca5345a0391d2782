"""What every test may ask for: a database of its own on the one PostgreSQL of this run."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tests.kit import keystone
from tests.kit.postgres import Server, database, serving

_SERVER = pytest.StashKey[Server]()


class _Worker(Protocol):
    """What pytest-xdist tells about a worker that it is about to start."""

    config: pytest.Config
    workerinput: dict[str, Any]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: _Worker) -> None:
    """Tell a pytest-xdist worker where the server is that all workers share."""
    server = _running(node.config)
    node.workerinput["postgres"] = [server.dsn, server.template]


def _running(config: pytest.Config) -> Server:
    """The run's server; started for who asks first, and stopped by the same process."""
    if worker := getattr(config, "workerinput", None):
        return Server(*worker["postgres"])
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
def _keystone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[keystone.Keystone]:
    """A genuine Keystone. Who asks for it is of the xdist_group "keystone": so there is one."""
    with keystone.serving(tmp_path_factory.mktemp("keystone")) as one:
        yield one
