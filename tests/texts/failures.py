"""One of every other problem that callers may be told, beside refusals of rules."""

from __future__ import annotations

from adapters.http.gateway.as_of import BeforeBeginning, NotYet
from adapters.http.gateway.authentication import TokenInvalid, Unauthenticated
from adapters.http.gateway.body import BodyInvalid, BodyTooLarge
from adapters.http.gateway.parts.lookups import CallerGone, ReadTooLong
from adapters.http.gateway.policy import NotPermitted
from adapters.http.gateway.rates.limits import RateExceeded
from adapters.http.gateway.rates.places import TooManyAtOnce
from adapters.http.gateway.receiving import BodyTooSlow, RequestInvalid
from adapters.http.gateway.waiting import NotThereYet
from adapters.hypervisors.failures import (
    Busy,
    DriverNeedsRestart,
    DriverOutcomeUnknown,
    DriverRefused,
    Gone,
    NoCapacity,
    NotAllowed,
    Unreachable,
)
from adapters.hypervisors.registry import HostUnknown
from adapters.keystone.errors import IdentityUnavailable, NoRole, NotScoped, TooManyNewTokens
from adapters.live_tokens import TokensOutdated
from adapters.readside.rebuild import RebuildRunning
from commands.engine.request import KeyReused, NotLeader, Overloaded, TenantOverloaded, Unavailable
from tests.texts.refusals import LATER, MORNING

# The texts of those that are given one stand where they are raised: here only the title counts.
FAILURES: tuple[Exception, ...] = (
    KeyReused(),
    Overloaded(),
    TenantOverloaded(10_000),
    NotLeader(),
    Unavailable(),
    ReadTooLong(10.0),
    CallerGone(),
    BodyInvalid("The body is empty, but must be a JSON object."),
    BodyTooLarge(),
    RateExceeded("heavy_reads", 50, 1),
    TooManyAtOnce(2, 100),
    NotPermitted("Role 'reader' may not scale servers; needs admin or member."),
    Unauthenticated(),
    TokenInvalid(),
    NotScoped(),
    NoRole("The token has no role that is known here; it needs one of admin, member."),
    TooManyNewTokens(20, 1),
    TokensOutdated(),
    RequestInvalid("The header Host is missing."),
    BodyTooSlow(20),
    IdentityUnavailable(),
    NotThereYet("Position 9 is not reached yet, only 7. Try again."),
    NotYet(asked="12", head=7, now=LATER),
    BeforeBeginning(asked="0", began=MORNING),
    BeforeBeginning(asked="0", began=None),
    RebuildRunning(),
    HostUnknown("host-9", ["host-1", "host-2"]),
    HostUnknown("host-9", []),
    DriverRefused("the hypervisor will not do it"),
    DriverNeedsRestart("the guest has no such device"),
    NoCapacity("the host has 512 MiB left"),
    Gone("no domain with this UUID"),
    NotAllowed("access denied"),
    Unreachable("connection refused"),
    Busy("another job holds the domain"),
    DriverOutcomeUnknown("no answer within 30 s"),
)
"""Beside them any other exception is an unexpected error."""
