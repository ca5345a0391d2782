"""What somebody who meets a problem can do about it: one line for each type."""

from __future__ import annotations

_WAIT = "Wait until it has ended (`ullage op list --server …`), then ask again."
_ADMIN = "Ask an administrator"
_AGAIN = "Ask again with the same `Idempotency-Key`; nothing is done twice."

REMEDIES: dict[str, str] = {
    # Servers and their changes
    "not-found": "Check the id, and that the token's project is the one it belongs to.",
    "already-adopted": "Nothing: the server is there. `ullage server show` shows it.",
    "scale-in-progress": _WAIT,
    "outcome-undecided": "An administrator resolves the operation: `ullage op resolve`.",
    "nothing-to-resolve": "Nothing: the outcome is known. `ullage op show` shows it.",
    "nothing-to-cancel": "Wait for its end; what was sent to a hypervisor cannot be cancelled.",
    "nothing-to-change": "Nothing: the server has that size.",
    "nothing-drifted": "Nothing: the server is as recorded.",
    "drift-open": "An administrator adopts or re-applies the drift: `ullage drift list`.",
    "resize-unconfirmed": "Confirm or revert the resize: `ullage server confirm`, `revert`.",
    "not-resized": "Nothing: there is no resize to confirm or revert.",
    "pinned-elsewhere": "Unpin the server from its zone first.",
    "not-in-zone": "Name the zone that the server's host is in.",
    "power-forbids": "Bring the server into a state in which it can be done: start or stop it.",
    "not-scalable": f"{_ADMIN} to declare a ceiling, or to allow scaling.",
    "above-ceiling": f"Ask for at most the `ceiling`, or {_ADMIN.lower()} to raise it.",
    "needs-restart": "Ask for a size within `floor` and `ceiling`, or consent to a restart.",
    "needs-migration": "Ask for less, or consent to a migration.",
    "no-valid-host": "Ask for `would_fit`, or change what rules the hosts out.",
    "stale-plan": "Plan again, look at what has changed, and give the new version.",
    "misaligned": "Ask for `nearest_memory_mib`.",
    "no-memory-slot": "Consent to a restart, or ask for no more memory.",
    # Quotas
    "quota-exceeded": "Ask for `would_fit`, give something back, or have the limit raised.",
    "quota-below-usage": "Set a limit of at least what is used, or force it.",
    "limit-invalid": "Give -1 for unlimited, or a count.",
    "resource-unknown": "Name one of the resources that the message lists.",
    "above-project": "Give the user at most what the project has, or raise the project's limit.",
    "not-shared": "Share only resources that servers and groups take.",
    "below-itself": "Name a parent that is not below the project itself.",
    "stale-version": "Read it again, and decide on what it is now.",
    # Groups
    "rules-unsupported": "Leave `max_server_per_host` out, or use the policy anti-affinity.",
    "policy-violated": "Use a server that runs where the policy wants it, or a soft policy.",
    "in-another-group": "Have the server leave its group first.",
    # Flavors, images, the region
    "flavor-exists": "Choose another id or name.",
    "flavor-access-exists": "Nothing: the project has access.",
    "flavor-access-missing": "Nothing: the project has no access.",
    "extra-spec-invalid": "Correct the extra spec as the message says.",
    "image-exists": "Choose another id.",
    "property-invalid": "Correct the property as the message says.",
    "memory-too-small": "Choose a flavor with at least the memory that the image needs.",
    "retries-invalid": "Give a number in the range that the message says.",
    # Schedules and autoscaling
    "timezone-unknown": "Give a name of the IANA database, such as `Europe/Vienna`.",
    "window-invalid": "Correct the field that the message names.",
    "time-invalid": "Give a time in the future, or a window that opens again.",
    "schedule-over": "Make a new schedule; this one has run, or was refused or cancelled.",
    "schedule-missed": "Make a new schedule; nothing could be decided while its time lasted.",
    "not-autoscaled": "Set the server's rules first: `ullage autoscaling set`.",
    "autoscaling-invalid": "Correct the field that the message names.",
    "one-refused": "Look at each scale's own problem; nothing was changed.",
    # Asking
    "key-reused": "Use a new `Idempotency-Key` for a new request.",
    "overloaded": "Ask again after `Retry-After` seconds; nothing was done.",
    "rate-exceeded": "Ask again after `Retry-After` seconds, and less often; "
    f"or {_ADMIN.lower()} to raise the setting `rate_limits`.",
    "tokens-outdated": "Ask again when PostgreSQL can be reached; `/readyz` says so.",
    "request-invalid": "Send what the problem names as HTTP/1.1 has it.",
    "body-too-slow": "Send the body at once; nothing was done.",
    "too-many-new-tokens": "Ask again after `Retry-After` seconds, and use a token for as long as "
    "it lives.",
    "too-many-at-once": "Ask for one list after the other; nothing was done.",
    "tenant-overloaded": "Wait for the answers to the project's other requests, then ask again; "
    "nothing was done.",
    "not-leader": "Ask again after `Retry-After` seconds; nothing was done.",
    "unavailable": _AGAIN,
    "read-too-long": "Ask for less: one project or one server, a shorter time, a smaller page.",
    "caller-gone": "Nothing: nobody was there to be answered.",
    "body-invalid": "Correct the body as the message says.",
    "body-too-large": "Send at most 64 KiB.",
    "not-permitted": "Use a token with a role that may do it: see the [policy](policy.md).",
    "unauthenticated": "Send a token, as `Authorization: Bearer` or `X-Auth-Token`.",
    "token-invalid": "Send a valid token; this one is not known, or was revoked.",
    "not-scoped": "Get a token of Keystone for a project, or for the system.",
    "no-role": "Have the user given a role that Ullage knows.",
    "identity-unavailable": "Ask again when Keystone answers, or use a token of Ullage.",
    "not-there-yet": "Ask again: this process has not come as far as the position in `after`.",
    "before-beginning": "Name a time or a position since the region began.",
    "not-yet": "Name a time or a position that has been.",
    "rebuild-running": "Wait until the rebuild has ended.",
    "host-unknown": "Name a host of the settings; see `ullage host list`.",
    # Hypervisors
    "driver-refused": "Read the reason; the hypervisor will not do it as asked.",
    "driver-needs-restart": "Consent to a restart.",
    "no-capacity": "Choose another host, or make room on this one.",
    "gone": "Check on the hypervisor whether the server is there.",
    "not-allowed": "An operator checks the rights of Ullage on the hypervisor.",
    "unreachable": "Check the hypervisor and the way to it, then ask again.",
    "busy": "Wait for the other change of the server, then ask again.",
    "driver-outcome-unknown": "Read the server again before you ask for anything else.",
}
"""By the name of the type; a link in it is relative to the reference."""
