"""An error's reason, kept from before Python's collection of garbage can lose it.

libvirt keeps the last error of a thread until its next call, and the binding asks for it after the
call has failed. Freeing any of its objects is a call: where one is collected in between, the error
arrives without code and text (measured). libvirt's error handler hears it earlier.
"""

from __future__ import annotations

import threading
from typing import Any

import libvirt


class _Heard(threading.local):
    error: tuple[Any, ...] | None = None


_heard = _Heard()


def listen() -> None:
    """Hear every error in its own thread. Without a handler libvirt prints each to stderr."""
    libvirt.registerErrorHandler(_hear, None)


def _hear(_context: object, error: tuple[Any, ...]) -> None:
    _heard.error = error


def restored(error: libvirt.libvirtError) -> libvirt.libvirtError:
    """The same error, with its reason. To be called in the thread of the call that failed."""
    if error.err is None:
        error.err = _heard.error
    _heard.error = None
    return error


def code(error: libvirt.libvirtError) -> int | None:
    """What went wrong, as one of libvirt's numbers; None: nobody knows."""
    number: int | None = restored(error).get_error_code()
    return number
