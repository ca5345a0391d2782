"""The status code of each refusal, for all dialects: codes live here alone."""

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
from adapters.hypervisors import failures
from adapters.hypervisors.registry import HostUnknown
from adapters.keystone.errors import IdentityUnavailable, NoRole, NotScoped, TooManyNewTokens
from adapters.live_tokens import TokensOutdated
from adapters.readside.rebuild import RebuildRunning
from commands.engine import request
from commands.scaling.scale_servers import OneRefused
from domain.catalogue import flavor, image, region_policy
from domain.hosts import server_group
from domain.quota import limiting, tree
from domain.scaling import recommendation
from domain.schedules import appointment, schedule_refusals, window_times
from domain.server import pinning, unconfirmed
from domain.shared import errors
from domain.shared.refusal import kind_of

STATUS: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.AlreadyAdopted: 409,
    errors.ScaleInProgress: 409,
    errors.OutcomeUndecided: 409,
    errors.NothingToResolve: 409,
    errors.NothingToCancel: 409,
    errors.NothingToChange: 409,
    errors.NothingDrifted: 409,
    errors.DriftOpen: 409,
    unconfirmed.ResizeUnconfirmed: 409,
    unconfirmed.NotResized: 409,
    pinning.PinnedElsewhere: 409,
    pinning.NotInZone: 409,
    errors.PowerForbids: 409,
    errors.NotScalable: 409,
    errors.AboveCeiling: 422,
    errors.NeedsRestart: 409,
    errors.NeedsMigration: 409,
    errors.NoValidHost: 409,
    errors.StalePlan: 412,
    errors.Misaligned: 422,
    errors.NoMemorySlot: 409,
    errors.QuotaExceeded: 403,
    errors.QuotaBelowUsage: 409,
    errors.LimitInvalid: 400,
    errors.ResourceUnknown: 400,
    errors.StaleVersion: 412,
    limiting.AboveProject: 400,
    limiting.NotShared: 400,
    tree.BelowItself: 409,
    server_group.RulesUnsupported: 400,
    server_group.PolicyViolated: 409,
    server_group.InAnotherGroup: 409,
    flavor.FlavorExists: 409,
    flavor.FlavorAccessExists: 409,
    flavor.FlavorAccessMissing: 404,
    flavor.ExtraSpecInvalid: 400,
    image.ImageExists: 409,
    image.PropertyInvalid: 400,
    image.MemoryTooSmall: 409,
    region_policy.RetriesInvalid: 400,
    window_times.TimezoneUnknown: 400,
    window_times.WindowInvalid: 400,
    appointment.TimeInvalid: 400,
    schedule_refusals.ScheduleOver: 409,
    schedule_refusals.ScheduleMissed: 409,
    recommendation.NotAutoscaled: 409,
    recommendation.AutoscalingInvalid: 400,
    OneRefused: 409,
    request.KeyReused: 422,
    request.Overloaded: 503,
    request.TenantOverloaded: 429,
    request.NotLeader: 503,
    request.Unavailable: 503,
    ReadTooLong: 503,
    CallerGone: 499,
    failures.DriverRefused: 409,
    failures.DriverNeedsRestart: 409,
    failures.NoCapacity: 409,
    failures.Gone: 404,
    failures.NotAllowed: 502,
    failures.Unreachable: 503,
    failures.Busy: 503,
    failures.DriverOutcomeUnknown: 504,
    HostUnknown: 422,
    RateExceeded: 429,
    TooManyAtOnce: 429,
    RequestInvalid: 400,
    BodyInvalid: 400,
    BodyTooSlow: 408,
    BodyTooLarge: 413,
    NotPermitted: 403,
    Unauthenticated: 401,
    TokenInvalid: 401,
    TokensOutdated: 503,
    NotScoped: 401,
    NoRole: 403,
    TooManyNewTokens: 429,
    IdentityUnavailable: 503,
    NotThereYet: 503,
    NotYet: 400,
    BeforeBeginning: 400,
    RebuildRunning: 409,
}

STATUS_OF_KIND = {kind_of(kind): status for kind, status in STATUS.items()}
"""By the name under which a refusal is recorded."""
