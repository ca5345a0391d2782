"""Threads that ask Keystone for one caller after another: those of each address in turn."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

from adapters.keystone.errors import IdentityUnavailable

V = TypeVar("V")

_Waiting = deque[tuple["Future[V]", Callable[[], V]]]


class QuestionLane(Generic[V]):
    """``threads``: how many questions are asked at a time; ``bound``: how many may wait. Who is
    from an address from which many wait is not before who is from another. Safe for threads."""

    def __init__(self, name: str, *, threads: int, bound: int) -> None:
        self._bound = bound
        self._lock = Lock()
        self._waiting = 0
        self._turns: OrderedDict[str, _Waiting[V]] = OrderedDict()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def close(self) -> None:
        """End the threads; questions that wait are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def submit(self, ask: Callable[[], V], *, address: str) -> Future[V]:
        """Raises IdentityUnavailable: as many wait as may; one more would only wait longer."""
        future: Future[V] = Future()
        with self._lock:
            if self._waiting >= self._bound:
                raise IdentityUnavailable
            self._waiting += 1
            self._turns.setdefault(address, deque()).append((future, ask))
        self._threads.submit(self._next)
        return future

    def _next(self) -> None:
        future, ask = self._take()
        try:
            future.set_result(ask())
        except BaseException as e:  # noqa: BLE001 (whoever waits for it is told)
            future.set_exception(e)

    def _take(self) -> tuple[Future[V], Callable[[], V]]:
        with self._lock:
            self._waiting -= 1
            address, queue = next(iter(self._turns.items()))
            first = queue.popleft()
            if queue:
                self._turns.move_to_end(address)
            else:
                del self._turns[address]
            return first
