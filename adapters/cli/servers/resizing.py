"""``ullage server resize|confirm|revert``: another flavor, by way of a restart."""

from __future__ import annotations

from adapters.cli.kit import entries, finding, following, show
from adapters.cli.kit.client import connected
from adapters.cli.kit.ending import DONE
from adapters.cli.kit.options import Json, KeyOption, ReasonOption, ServerArgument, Wait
from adapters.cli.servers.lifecycle import FlavorOption


def resize(
    server: ServerArgument,
    /,
    *,
    flavor: FlavorOption,
    wait: Wait = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """Restarts the server. Its old size stays claimed until the resize is confirmed or reverted."""
    api = connected()
    body = {"flavor": entries.found(api, "/v1/flavors", flavor), "reason": reason}
    path = f"/v1/servers/{finding.server(api, server)}/resize"
    accepted = api.post(path, body, key=idempotency_key)
    code = following.accepted(api, accepted, wait, as_json=as_json)
    if code == DONE and not as_json:
        show.err().print(f"Then: ullage server confirm {server}, or revert.", style="dim")
    return code


def confirm(server: ServerArgument, /, *, reason: ReasonOption = "", as_json: Json = False) -> None:
    """Gives back what was held for going back."""
    api = connected()
    done = api.post(f"/v1/servers/{finding.server(api, server)}/resize/confirm", {"reason": reason})
    if as_json:
        show.document(done)
    else:
        show.out().print(show.text(f"{server} keeps its flavor."))


def revert(
    server: ServerArgument,
    /,
    *,
    wait: Wait = False,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> int:
    """Restarts the server with its old flavor."""
    api = connected()
    path = f"/v1/servers/{finding.server(api, server)}/resize/revert"
    accepted = api.post(path, {"reason": reason}, key=idempotency_key)
    return following.accepted(api, accepted, wait, as_json=as_json)
