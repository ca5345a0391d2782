"""Demos that begin at the same time take ports of their own."""

from __future__ import annotations

import socket

import pytest

from adapters.demo import ports
from adapters.demo.database import CannotRun


def test_two_that_begin_at_the_same_time_take_two_ports() -> None:
    # Neither listens yet.
    with ports.free(None) as first, ports.free(None) as second:
        assert first != second


def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with (
        ports.free(None) as taken,
        pytest.raises(CannotRun, match=str(taken)),
        ports.free(taken),
    ):
        raise AssertionError


def test_a_port_on_which_somebody_listens_is_refused() -> None:
    with socket.create_server((ports.LISTEN, 0)) as listening:
        number = listening.getsockname()[1]
        with pytest.raises(CannotRun, match=str(number)), ports.free(number):
            raise AssertionError
