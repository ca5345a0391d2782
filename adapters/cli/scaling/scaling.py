"""``ullage plan`` and ``ullage scale``: another size for a server."""

from __future__ import annotations

import shlex
from functools import partial
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import finding, following, planning, show
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import CONSENTS, DONE, Stopped, code_of, slug_of
from adapters.cli.kit.options import (
    ConsentOption,
    Json,
    KeyOption,
    MemoryOption,
    ReasonOption,
    ServerArgument,
    VcpusOption,
    Wait,
)
from adapters.cli.scaling import later
from adapters.cli.scaling.later import At, GrowAnyTime, InWindow

_Version = Annotated[str | None, Parameter(help="Only if this version of the plan still holds.")]


def plan(
    server: ServerArgument,
    /,
    *,
    vcpus: VcpusOption = None,
    memory: MemoryOption = None,
    as_json: Json = False,
) -> int:
    """Exits as the scale would without any consent."""
    api = connected()
    id_ = finding.server(api, server)
    made = api.get(f"/v1/servers/{id_}/plan", _size(api, id_, vcpus, memory))
    if as_json:
        show.document(made)
    else:
        planning.tell(made, _typed(server, vcpus, memory))
    return code_of(made["obstacles"][0]["type"]) if made["obstacles"] else DONE


def scale(
    server: ServerArgument,
    /,
    *,
    vcpus: VcpusOption = None,
    memory: MemoryOption = None,
    consent: ConsentOption = "live",
    plan: _Version = None,
    at: At = None,
    window: InWindow = None,
    grow_any_time: GrowAnyTime = False,
    wait: Wait = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """Ask for another size, now or later. Without ``wait`` the answer says that it is recorded."""
    api = connected()
    id_ = finding.server(api, server)
    body = _size(api, id_, vcpus, memory) | {"consent": consent, "reason": reason}
    if at or window or grow_any_time:
        if plan or wait:
            raise Stopped("What is done later is decided then: neither --plan nor --wait.")
        make = partial(later.make, at=at, window=window, grow_any_time=grow_any_time)
        return make(api, id_, body, key=idempotency_key, as_json=as_json)
    body |= {} if plan is None else {"plan": plan}
    try:
        accepted = api.post(f"/v1/servers/{id_}/scale", body, key=idempotency_key)
    except Stopped as e:
        raise _with_consent(e, _typed(server, vcpus, memory, wait=wait, reason=reason)) from e
    if not (wait or as_json):
        _accepted(accepted)
    return following.accepted(api, accepted, wait, as_json=as_json)


def _size(api: Api, server: UUID, vcpus: int | None, memory: int | None) -> Document:
    """What is not given stays as it is. Raises Stopped when nothing is given."""
    if vcpus is None and memory is None:
        raise Stopped("No size is given: give --vcpus, --memory, or both.")
    if vcpus is not None and memory is not None:
        return {"vcpus": vcpus, "memory_mib": memory}
    now = api.get(f"/v1/servers/{server}")["size"]
    given = {"vcpus": vcpus, "memory_mib": memory}
    return {name: now[name] if value is None else value for name, value in given.items()}


def _accepted(accepted: Document) -> None:
    where = f", on {accepted['to_host']} after a live migration" if accepted["to_host"] else ""
    change = f"{show.size(accepted['was'])} → {show.size(accepted['to'])}"
    show.out().print(f"{change}{where}")


def _typed(
    server: str,
    vcpus: int | None,
    memory: int | None,
    *,
    wait: bool | float = False,
    reason: str = "",
) -> str:
    """The scale as it is typed, but for consent."""
    words = ["ullage", "scale", server]
    words += ["--vcpus", str(vcpus)] if vcpus is not None else []
    words += ["--memory", f"{memory}MiB"] if memory is not None else []
    words += ["--reason", reason] if reason else []
    if wait:
        words.append("--wait" if wait is True else f"--wait={wait:g}")
    return shlex.join(words)


def _with_consent(end: Stopped, typed: str) -> Stopped:
    """The same end; where consent is all that is missing, with what to type."""
    consent = CONSENTS.get(slug_of(str((end.document or {}).get("type", ""))))
    if consent is None:
        return end
    hint = f"If that may be done: {typed} --consent {consent}"
    return Stopped(str(end), end.code, end.document, hint)
