"""One server as people see it: what was asked, what it has, what its guest has."""

from __future__ import annotations

from adapters.cli.kit import show
from adapters.cli.kit.client import Document


def server(server: Document) -> None:
    rows = {
        "Name": server["name"],
        "ID": server["id"],
        "Description": server["description"],
        "Metadata": _pairs(server["metadata"]),
        "Project": server["project"],
        "User": server["user"],
        "Group": server["group"],
        "Host": server["host"],
        "Power": server["power"],
        "Flavor": _named(server, "flavor"),
        "Image": _named(server, "image"),
        "Ceiling": _ceiling(server),
        "Live": _live(server["envelope"]),
        "Operation": _operation(server["operation"]),
        "Resized": _resized(server),
        "Drift": _drift(server),
        "Created (UTC)": show.moment(server["created"]),
        "Updated (UTC)": show.moment(server["updated"]),
        "Version": server["version"],
    }
    show.out().print(show.facts(rows))
    show.out().print()
    sizes = {
        "Requested": server["requested"],
        "Hypervisor allocates": server["size"],
        "Guest sees": server["guest"],
    }
    show.out().print(show.sizes(sizes))
    if said := _followed(server):
        show.out().print(said, style="yellow")


def spec(found: Document) -> None:
    """How a server was asked for."""
    asked = found["spec"]
    flavor, image = asked["flavor"], asked["image"]
    most = {"vcpus": asked["max_vcpus"], "memory_mib": asked["max_memory_mib"]}
    rows = {
        "Size": show.size(asked["size"]),
        "Flavor": f"{flavor['name']} ({flavor['id']})" if flavor else None,
        "Extra specs": _pairs(flavor["extra_specs"]) if flavor else None,
        "Image": f"{image['name']} ({image['id']})" if image else None,
        "Properties": _pairs(image["properties"]) if image else None,
        "At most": show.size(most),
        "Traits": "\n".join(asked["traits"]),
        "Zone": asked["zone"],
        "Pool": asked["pool"],
        "Group": asked["group"],
        "Hints": _pairs(asked["hints"]),
        "Version": asked["version"],
    }
    show.out().print(show.facts(rows))


def _named(server: Document, what: str) -> str | None:
    """Its name, and its id behind it, as of when the server was asked for."""
    return f"{server[f'{what}_name']} ({server[what]})" if server[what] else None


def _pairs(pairs: Document) -> str:
    return "\n".join(f"{name}={value}" for name, value in sorted(pairs.items()))


def _ceiling(server: Document) -> str:
    if server["ceiling"] is None:
        return "none: not scalable"
    closed = "" if server["scalable"] else ", but it is set to be not scalable"
    return f"{show.size(server['ceiling'])}{closed}"


def _live(envelope: Document) -> str:
    """What can be reached while it runs."""
    reach = f"{show.size(envelope['floor'])} up to {show.size(envelope['ceiling'])}"
    step = f"memory by {envelope['memory_by']} in steps of {envelope['memory_step_mib']} MiB"
    left, used = envelope["memory_slots_left"], envelope["memory_slots_used"]
    slots = "" if left is None else f", {left} slots left" + (f", {used} used" if used else "")
    return f"{reach}\n{step}{slots}"


def _operation(operation: Document | None) -> str:
    if operation is None:
        return "none"
    state = "outcome not known" if operation["undecided"] else "open"
    to = f", to {show.size(operation['to'])}" if operation["kind"] == "scale" else ""
    return f"{operation['id']}\n{operation['kind']}, {state}{to}"


def _resized(server: Document) -> str | None:
    if (was := server["resized_from"]) is None:
        return None
    return f"from {show.size(was['size'])}; see: ullage server confirm, or revert"


def _drift(server: Document) -> str:
    if server["drift"] is None:
        return "none"
    seen = server["drift"]["seen"]
    found = "it is not there any more"
    if seen:
        found = f"{show.size(seen['size'])}, {seen['power']} on {seen['host']}"
    return f"{found}\nsee: ullage drift list"


def _followed(server: Document) -> str | None:
    """Applied and seen by the guest are two things."""
    if server["seen_by_guest"] is False:
        return "When it was read back, the guest had not followed the last change yet."
    return None
