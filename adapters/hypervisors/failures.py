"""The ways in which a hypervisor may fail to do what it was asked.

Failure
├── DriverRefused             it will never do this as asked; nothing was changed
│   ├── DriverNeedsRestart    it would do it for a server that is restarted
│   ├── NoCapacity            the host has no room for it
│   ├── Gone                  it does not know this server
│   └── NotAllowed            it does not let us; an operator must look
├── DriverUnavailable         nothing was sent; asking again may help
│   ├── Unreachable           no answer to a connection
│   └── Busy                  another change holds the server
└── DriverOutcomeUnknown      it was sent and no answer came; read back before anything else
"""

from __future__ import annotations


class Failure(Exception):
    """A hypervisor did not do as asked. Its text is for people, and names no secret."""


class DriverRefused(Failure):
    """It will never do this as asked. Nothing was changed."""


class DriverNeedsRestart(DriverRefused):
    """It would do it, but not while the server runs."""


class NoCapacity(DriverRefused):
    """The host has no room for it."""


class Gone(DriverRefused):
    """It does not know this server."""


class NotAllowed(DriverRefused):
    """It does not let us. An operator must look."""


class DriverUnavailable(Failure):
    """Nothing was sent. Asking again may help."""


class Unreachable(DriverUnavailable):
    """The hypervisor does not answer."""


class Busy(DriverUnavailable):
    """Another change holds the server."""


class DriverOutcomeUnknown(Failure):
    """It was sent and no answer came. Read back before anything else is done."""
