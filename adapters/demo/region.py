"""A whole region for the demo, started in order and stopped in reverse."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec

from adapters.demo import access, children, database, ports
from adapters.demo.children import Child
from adapters.demo.database import CannotRun, Say, TokenNames
from adapters.demo.folder import alone
from adapters.demo.identity import cloud
from adapters.demo.identity.cloud import DemoCloud
from adapters.demo.identity.keystone_process import KeystoneFailed
from adapters.demo.machines import hypervisor
from adapters.demo.machines.hypervisor import Hypervisor
from adapters.demo.ports import LISTEN

_HOST, _OTHER = "kvm-1", "kvm-2"
_PATIENCE = 30.0


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """``port`` None: the usual one, or a free one. ``dsn`` None: a PostgreSQL of its own.
    ``keystone``: one of its own, too, whose people come in."""

    folder: Path
    port: int | None
    dsn: str | None
    test_driver: bool
    keystone: bool = False


class DemoRegion(msgspec.Struct, frozen=True, kw_only=True):
    """A region that runs. ``number`` counts the demos in its database; ``other_host`` is there if
    the hypervisor has a second one; ``children`` are its processes; ``client`` asks its API."""

    folder: Path
    api: str
    client: httpx.Client
    dsn: str
    number: int
    has_keystone: bool
    project: str
    host: str = _HOST
    other_host: str = _OTHER
    hypervisor: Hypervisor
    tokens: TokenNames
    children: list[Child]


@contextmanager
def running(wanted: DemoOptions, say: Say) -> Iterator[DemoRegion]:
    """Run a region with all it needs until the context ends. Raises CannotRun, ChildFailed."""
    stack = ExitStack()
    try:
        yield _started(wanted, say, stack)
    finally:
        with children.undisturbed():
            stack.close()


def _started(wanted: DemoOptions, say: Say, stack: ExitStack) -> DemoRegion:
    folder = wanted.folder.resolve()
    stack.enter_context(alone(folder, say))
    port = stack.enter_context(ports.free(wanted.port))
    stack.callback(say, "Stopped.")
    dsn = stack.enter_context(database.migrated(wanted.dsn, folder / "postgres", say))
    number = database.number(dsn)
    api = f"http://{LISTEN}:{port}"
    people = _cloud(wanted, folder, api, say, stack) if wanted.keystone else None
    project = people.project if people else "demo" if number == 1 else f"demo-{number}"
    names = stack.enter_context(database.tokens_for(dsn, project))
    found = _hypervisor(wanted, folder, f"db-{number}", say, stack)
    _must_be_new(found, dsn)
    say("Starting the API and the relay")
    environment = _environment(dsn, found, port, names) | (people.settings if people else {})
    access.write(folder, names, api=api, dsn=dsn, clouds=people.clouds if people else {})
    client = stack.enter_context(httpx.Client(base_url=api, timeout=_PATIENCE, trust_env=False))
    started = _processes(stack, folder, environment, client, apart=not found.lives_in_the_server)
    return DemoRegion(
        folder=folder,
        api=api,
        client=client,
        dsn=dsn,
        number=number,
        has_keystone=wanted.keystone,
        project=project,
        hypervisor=found,
        tokens=names,
        children=started,
    )


def _hypervisor(
    wanted: DemoOptions, folder: Path, server: str, say: Say, stack: ExitStack
) -> Hypervisor:
    driver = hypervisor.running(folder, say, name=server, test_driver=wanted.test_driver)
    return stack.enter_context(driver)


def _must_be_new(found: Hypervisor, dsn: str) -> None:
    """Raises CannotRun."""
    if found.lives_in_the_server and database.knows(dsn, f"server:{found.server}"):
        raise CannotRun("This database knows the test driver's only machine: use an empty one.")


def _cloud(wanted: DemoOptions, folder: Path, api: str, say: Say, stack: ExitStack) -> DemoCloud:
    """Raises CannotRun."""
    if wanted.dsn:
        raise CannotRun(
            "--keystone begins with a new Keystone, whose projects the database that ULLAGE_DSN "
            "names does not know: unset ULLAGE_DSN."
        )
    try:
        return stack.enter_context(cloud.running(folder / "keystone", api, say))
    except KeystoneFailed as e:
        raise CannotRun(
            f"Keystone does not run: {e}. In a clone `make install` installs it, with the other "
            "packages for development. To do without it, leave out --keystone."
        ) from e


def _processes(
    stack: ExitStack,
    folder: Path,
    environment: Mapping[str, str],
    client: httpx.Client,
    *,
    apart: bool,
) -> list[Child]:
    """``apart``: the relay in a process of its own."""

    def begin(*words: str) -> Child:
        log = folder / f"{words[0]}.log"
        return stack.enter_context(children.running([*words], environment=environment, log=log))

    serve = begin("serve") if apart else begin("serve", "--relay")
    serve.wait_until(lambda: _leads(client))
    return [serve, begin("relay")] if apart else [serve]


def _leads(client: httpx.Client) -> bool:
    """Raises CannotRun where somebody else does."""
    try:
        health = client.get("/healthz").json()
        ready = client.get("/readyz").is_success
    except httpx.TransportError:
        return False
    if ready and health["role"] == "following":
        raise CannotRun("Another process leads the region in this database: use another one.")
    return ready


def _environment(dsn: str, found: Hypervisor, port: int, names: TokenNames) -> dict[str, str]:
    """Ours, without other settings of Ullage, and without a proxy to ourselves."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ULLAGE_")}
    beside = ",".join(filter(None, (LISTEN, ours.get("NO_PROXY") or ours.get("no_proxy"))))
    return ours | {
        "NO_PROXY": beside,
        "no_proxy": beside,
        "ULLAGE_DSN": dsn,
        "ULLAGE_LISTEN": LISTEN,
        "ULLAGE_PORT": str(port),
        "ULLAGE_HOSTS": msgspec.json.encode(_hosts(found)).decode(),
        "ULLAGE_TOKEN": names.relay,
        "ULLAGE_LOG_FORMAT": "text",
    }


def _hosts(found: Hypervisor) -> dict[str, str]:
    return {_HOST: found.uri} | ({_OTHER: found.second} if found.second else {})
