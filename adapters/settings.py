"""Settings come from a TOML file and the environment, once, at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from adapters.clock import BOUND
from adapters.setting_defaults import LEADER_LEASE, QUOTA, RATE_LIMITS, RATES, unknown_rate
from adapters.setting_sources import SourceInvalid, given_to
from adapters.setting_texts import EXAMPLES, PREFIX, unfit
from domain.shared.resources import Amounts


class SettingsInvalid(Exception):
    """A setting is missing, unknown or of the wrong kind. Its text says which."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One region. Each is read from ``ULLAGE_<NAME>``, else from the file ``ULLAGE_CONFIG``.

    ``dsn``: how to reach PostgreSQL, as a libpq connection string.
    ``hosts``: the hypervisor hosts by name, as libvirt URIs; no other is ever connected to.
    ``quota``: limits of projects without their own; what is not named is as in Nova.
    ``listen``: the address that this process listens on.
    ``port``: the port that this process listens on.
    ``api``: where others reach this process, if not where it listens.
    ``token``: under which a relay reports, of the role service.
    ``relays``: the hosts of each relay, by the name of its token or by its user's
    id in Keystone; it reports of no others. Empty: one relay of all hosts.
    ``operation_seconds``: after which an operation ends, whatever is known then.
    ``call_seconds``: how long one call to a hypervisor may take.
    ``lease_seconds``: how long a relay holds a host's lane without renewing it.
    ``sweep_seconds``: how often each host is read for what others did there.
    ``read_seconds``: how long the database may take to answer one read.
    ``queue``: how many commands may wait, of one project nearly half of it;
    one more is answered 503 or 429.
    ``rate_limits``: how many requests a second each project may ask
    for, by class (``reads``, ``heavy_reads``, ``writes``) or by role and
    class (``member.writes``); 0: any number.
    ``rate_burst_seconds``: how many seconds' worth of them may come at once.
    ``rate_pause_seconds``: how long a refusal for too many requests is kept back.
    ``heavy_reads_at_once``: how many heavy reads of one project are
    answered at a time, the others wait; 0: any number.
    ``heavy_reads_waiting``: how many of them may wait; one more is answered 429.
    ``clock_bound_seconds``: how far this machine's clock may be from PostgreSQL's,
    by which everything is dated; beyond that this process does not write.
    ``connections``: how many connections of callers are open at a time, as far as
    the limit of open files allows; the others wait to be taken.
    ``connections_per_address``: how many of them one address may have, the
    longest silent are ended; 0: any number.
    ``idle_seconds``: after which a connection is ended that sends no request.
    ``tokens_believed_seconds``: for how long tokens are believed while the
    database cannot be asked whether they were revoked.
    ``leader_lease_seconds``: for how long the process that leads may be silent;
    then another one ends its session in PostgreSQL and leads.
    ``live``: how many servers, quotas and other aggregates are held in memory at most.
    ``log_format``: ``json``, or ``text`` for people.
    ``log_level``: the least severe lines that are logged; a write and a
    refusal are at ``info``, other requests at ``debug``.
    ``over_quota_status``: the Compute API's code for an exceeded quota: 403 as Nova, or 413.
    ``keystone_url``: a Keystone whose tokens are taken too; empty: none.
    ``keystone_user``: the user as whom Keystone is asked.
    ``keystone_password``: the password of that user.
    ``keystone_project``: the project in which that user has the role service.
    ``keystone_user_domain``: the domain of that user.
    ``keystone_project_domain``: the domain of that project.
    ``keystone_call_seconds``: how long Keystone may take to answer, at each of two attempts.
    ``keystone_cache_seconds``: how long what Keystone said of a token is believed.
    ``keystone_new_tokens``: about how many new tokens a second of one address it is asked; 0: all.
    """

    dsn: str
    hosts: dict[str, str] = {}
    quota: Amounts = msgspec.field(default_factory=dict)
    listen: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8774
    api: str = ""
    token: str = ""
    relays: dict[str, list[str]] = {}
    operation_seconds: float = 300.0
    call_seconds: float = 30.0
    lease_seconds: float = 10.0
    sweep_seconds: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    read_seconds: Annotated[float, msgspec.Meta(gt=0)] = 10.0
    queue: Annotated[int, msgspec.Meta(ge=2)] = 25_000
    connections: Annotated[int, msgspec.Meta(ge=16)] = 8192
    connections_per_address: Annotated[int, msgspec.Meta(ge=0)] = 1024
    idle_seconds: Annotated[float, msgspec.Meta(ge=1)] = 30.0
    tokens_believed_seconds: Annotated[float, msgspec.Meta(ge=5)] = 60.0
    rate_limits: dict[str, Annotated[float, msgspec.Meta(ge=0)]] = {}
    rate_burst_seconds: Annotated[float, msgspec.Meta(gt=0)] = 2.0
    rate_pause_seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    heavy_reads_at_once: Annotated[int, msgspec.Meta(ge=0)] = 2
    heavy_reads_waiting: Annotated[int, msgspec.Meta(ge=0)] = 100
    clock_bound_seconds: Annotated[float, msgspec.Meta(gt=0)] = BOUND
    # Who leads and has nothing to do renews it once a second.
    leader_lease_seconds: Annotated[float, msgspec.Meta(ge=2)] = LEADER_LEASE
    live: int = 100_000
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    over_quota_status: Literal[403, 413] = 403
    keystone_url: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    keystone_user: str = ""
    keystone_password: str = ""
    keystone_project: str = ""
    keystone_user_domain: str = "Default"
    keystone_project_domain: str = "Default"
    keystone_call_seconds: Annotated[float, msgspec.Meta(gt=0)] = 3.0
    keystone_cache_seconds: Annotated[float, msgspec.Meta(ge=0)] = 10.0
    keystone_new_tokens: Annotated[float, msgspec.Meta(ge=0)] = 20.0

    def __post_init__(self) -> None:
        needed = ("keystone_user", "keystone_password", "keystone_project")
        if self.keystone_url and (empty := [name for name in needed if not getattr(self, name)]):
            needs = ", ".join(f"{PREFIX}{name.upper()}" for name in empty)
            raise ValueError(f"{PREFIX}KEYSTONE_URL is set, and needs {needs}")

        if unknown := unknown_rate(self.rate_limits):
            raise ValueError(f"{PREFIX}RATE_LIMITS has {unknown!r}; there are {RATES}")

    @property
    def default_rate_limits(self) -> dict[str, float]:
        return RATE_LIMITS | self.rate_limits

    @property
    def default_quota(self) -> Amounts:
        return QUOTA | self.quota


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a client needs: whom to ask, and its token. A region's other settings may be there."""

    api: str = "http://127.0.0.1:8774"
    token: str = ""


S = TypeVar("S", bound=msgspec.Struct)


def read(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment gives. Raises SettingsInvalid."""
    given = _read(environ, Settings)
    return given if given.api else replace(given, api=f"http://{given.listen}:{given.port}")


def read_client(environ: Mapping[str, str]) -> ClientSettings:
    """The settings of a client that the environment gives. Raises SettingsInvalid."""
    return _read(environ, ClientSettings)


def _read(environ: Mapping[str, str], into: type[S]) -> S:
    try:
        given = given_to(into, environ)
    except SourceInvalid as e:
        raise SettingsInvalid(str(e)) from e
    if into is Settings:  # beside a client's, a region's other settings may be there
        _must_be_known(given, into)
    try:
        return msgspec.convert(given, into, strict=False)
    except msgspec.ValidationError as e:
        raise SettingsInvalid(unfit(given, into, str(e))) from e


def _must_be_known(given: Mapping[str, object], into: type[msgspec.Struct]) -> None:
    """Raises SettingsInvalid."""
    fields = into.__struct_fields__
    if unknown := ", ".join(sorted(given.keys() - set(fields))):
        raise SettingsInvalid(f"There is no setting {unknown}; there are {', '.join(fields)}.")
    if "dsn" not in given:
        example = f"{PREFIX}DSN={EXAMPLES['dsn']}"
        raise SettingsInvalid(f"{PREFIX}DSN is not set: it names the database, as in {example}")
