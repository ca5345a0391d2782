"""Where the time of a process goes: its threads' stacks and their CPU, looked at every few ms."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

PROFILE = "ULLAGE_BENCH_PROFILE"
"""Set in the environment, it has the processes that a measurement starts look at themselves."""

_EVERY = 0.002
_SHOWN = 25
_TICKS = os.sysconf("SC_CLK_TCK")
_PACKAGES = re.compile(r".*/(?:site-packages|lib/python3\.\d+|main)/")


class _Samples:
    def __init__(self) -> None:
        self.count = 0
        self.alone: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def add(self, frame: FrameType | None) -> None:
        self.count += 1
        names = list[str]()
        while frame is not None:
            code = frame.f_code
            file = _PACKAGES.sub("", code.co_filename)
            names.append(f"{file}:{frame.f_lineno if not names else ''} {code.co_qualname}")
            frame = frame.f_back
        self.alone[names[0]] += 1
        self.within.update({name.replace(": ", " ") for name in names[1:]})


@contextmanager
def sampled() -> Iterator[None]:
    """Look at all threads of this process while the block runs; then say what was seen."""
    samples: dict[str, _Samples] = {}
    ended = threading.Event()
    looker = threading.Thread(target=_look, args=(samples, ended), name="looker", daemon=True)
    before, began = _cpu(), time.perf_counter()
    # A thread is only ever seen where it lets another one run: let that be often.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_EVERY / 10)
    looker.start()
    try:
        yield
    finally:
        ended.set()
        looker.join()
        sys.setswitchinterval(interval)
        _tell(samples, before, time.perf_counter() - began)


def _look(samples: dict[str, _Samples], ended: threading.Event) -> None:
    while not ended.wait(_EVERY):
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            name = re.sub(r"[-_]\d+.*", "", names.get(ident, "?"))
            if name != "looker" and not _idle(frame):
                samples.setdefault(name, _Samples()).add(frame)


def _idle(frame: FrameType) -> bool:
    """Whether a thread waits for another one to give it something to do."""
    file, name = Path(frame.f_code.co_filename).name, frame.f_code.co_name
    return (file, name) in {("threading.py", "wait"), ("thread.py", "_worker")}


def _cpu() -> dict[int, float]:
    """CPU seconds so far, by thread of this process."""
    return {int(task.name): _seconds(task) for task in Path("/proc/self/task").iterdir()}


def _seconds(task: Path) -> float:
    try:
        fields = (task / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _tell(samples: dict[str, _Samples], before: dict[int, float], seconds: float) -> None:
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    lines = [f"\n== {' '.join(sys.argv[:2])}, {seconds:.1f} s; CPU by thread that still runs"]
    used = {task: cpu - before.get(task, 0.0) for task, cpu in _cpu().items()}
    for task, cpu in sorted(used.items(), key=lambda one: -one[1])[:8]:
        lines.append(f"{cpu / seconds:7.1%}  {names.get(task, 'not of Python')}")
    for name, seen in samples.items():
        lines.append(f"-- {name}: seen {seen.count} times; where it was")
        lines += _top(seen.alone, seen.count)
        lines.append(f"-- {name}: through which it had come")
        lines += _top(seen.within, seen.count)
    print("\n".join(lines), file=sys.stderr, flush=True)


def _top(seen: Counter[str], count: int) -> list[str]:
    return [f"{n / count:7.1%}  {what}" for what, n in seen.most_common(_SHOWN) if n > count / 100]
