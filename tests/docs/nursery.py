"""Runs command lines as children that need not load the program again, for pages that have many.

``python -m tests.docs.nursery SOCKET`` answers a program named ``ullage``, which hands over its
words, its environment and its open files. It ends when its input ends.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import socket
import sys
import traceback
from pathlib import Path
from threading import Thread

import adapters.cli
from adapters.cli import run

# What the commands load when they need it.
_BESIDE = ("adapters.audit", "adapters.tokens", "migrations")
_LARGEST = 2**20

CLIENT = """#!{python} -SE
import os, socket, sys
words = "\\0".join([os.getcwd(), *sys.argv[1:], "", *map("=".join, os.environ.items())])
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as nursery:
    nursery.connect({socket!r})
    socket.send_fds(nursery, [words.encode()], [0, 1, 2])
    code = nursery.recv(16)
sys.exit(int(code or 1))
"""


def client(folder: Path, nursery: Path) -> None:
    """Write the program that asks the nursery, as ``ullage`` in ``folder``."""
    program = folder / "ullage"
    program.write_text(CLIENT.format(python=sys.executable, socket=str(nursery)))
    program.chmod(0o755)


def main(address: str) -> None:
    for module in pkgutil.walk_packages(adapters.cli.__path__, "adapters.cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in _BESIDE:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # each child tells its end itself
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address)
        listening.listen()
        Thread(target=_end_with_input, daemon=True).start()
        while True:
            asked, _ = listening.accept()
            with asked:
                if os.fork() == 0:
                    _run(asked)


def _run(asked: socket.socket) -> None:
    """In the child, which never returns."""
    code = 1
    try:
        words, files, _, _ = socket.recv_fds(asked, _LARGEST, 3)
        for number, file in enumerate(files):
            os.dup2(file, number)
        folder, *rest = words.decode().split("\0")
        end = rest.index("")
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(dict(one.split("=", 1) for one in rest[end + 1 :]))
        code = run(rest[:end])
    except SystemExit as e:
        code = int(e.code or 0)
    except BaseException:  # noqa: BLE001 (a child never returns into the loop of its parent)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        asked.send(str(code).encode())
        os._exit(code)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
