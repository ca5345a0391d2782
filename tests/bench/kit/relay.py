"""A relay process, as `ullage relay` is, with hypervisors that answer at once."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext

from adapters import logs, settings
from adapters.hypervisors.registry import KINDS, DriverKind, DriverRegistry
from adapters.leadership.address import Leadership
from adapters.relay.relay import Relay
from tests.bench.kit.instant import Instant
from tests.bench.kit.sampling import PROFILE, sampled


def main() -> None:
    given = settings.read(os.environ)
    carrier = Relay(
        given.dsn,
        name=f"bench:{os.getpid()}",
        hosts=DriverRegistry(given.hosts, dict.fromkeys(KINDS, DriverKind(Instant, str))),
        leader=Leadership(given.dsn).address,
        token=given.token,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: carrier.stop())
    carrier.run()


if __name__ == "__main__":
    logs.configure(json=False)
    with sampled() if PROFILE in os.environ else nullcontext():
        main()
