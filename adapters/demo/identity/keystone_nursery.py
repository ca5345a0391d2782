"""Runs Keystone's own programs as children that need not load it again: reads JSON lines, forks.

Loading Keystone takes seconds, and everything that it does here a fraction of one. All of it ends
with whoever started this process, for then its input ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import keystone.api  # noqa: F401 (loaded for the children)
import msgspec
from keystone.cmd import cli
from keystone.server.flask import core
from werkzeug.serving import run_simple


class Do(msgspec.Struct, frozen=True, kw_only=True):
    """``manage``: the arguments of keystone-manage, answered with its exit code. Else ``port``: to
    serve at, answered with the process's id; ``expiration`` of its tokens in seconds."""

    config: str
    manage: list[str] = []
    port: int = 0
    expiration: int = 3600


def manage(do: Do) -> None:
    cli.main(["keystone-manage", "--config-file", do.config, *do.manage])


def serve(do: Do) -> None:
    application: Any = core.initialize_application(name="public", config_files=[do.config])
    core.CONF.set_override("expiration", do.expiration, "token")
    run_simple("127.0.0.1", do.port, application, threaded=True)


def forked(run: Callable[[Do], None], do: Do) -> int:
    """The child's process id."""
    if child := os.fork():
        return child
    os.dup2(2, 1)  # what it prints is not for who reads our answers
    try:
        run(do)
        os._exit(0)
    except BaseException as e:  # noqa: BLE001 (a child never returns into the loop below)
        sys.stderr.write(f"{e!r}\n")
        os._exit(1)


def main() -> None:
    serving = []
    for line in sys.stdin:
        do = msgspec.json.decode(line, type=Do)
        if do.manage:
            _, status = os.waitpid(forked(manage, do), 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = forked(serve, do)
            serving.append(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for child in serving:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
