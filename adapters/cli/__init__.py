"""The command line: a client of the API in the API's own words, and what runs a region."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, Group, Parameter

_HELP = "Scale running virtual machines under a quota that holds."
_EPILOGUE = (
    "ULLAGE_API (http://127.0.0.1:8774) and ULLAGE_TOKEN say whom to ask, and as whom. "
    "What runs a region reads ULLAGE_DSN and the other settings.\n\n"
    "Exit codes: 0 done; 2 refused; 3 in conflict with something else; 4 needs consent to a "
    "migration or a restart; 5 not reachable, or not known yet."
)

_SERVERS = Group.create_ordered("Servers")
_QUOTAS = Group.create_ordered("Quotas")
_RECORD = Group.create_ordered("What happened")
_REGION = Group.create_ordered("Running a region")

app = App(
    name="ullage",
    help=_HELP,
    help_epilogue=_EPILOGUE,
    help_format="plaintext",
    version=lambda: version("ullage"),
    default_parameter=Parameter(negative=(), show_default=False),
)


def _family(name: str, help: str, group: Group) -> App:
    family = App(name=name, help=help, group=group, help_epilogue="")
    app.command(family)
    return family


app.register_install_completion_command()

_server = _family("server", "Servers: what they have, and what they may have.", _SERVERS)
_flavor = _family("flavor", "Flavors: what servers begin with.", _SERVERS)
_image = _family("image", "Images: what servers are built from.", _SERVERS)
_window = _family("window", "Maintenance windows.", _SERVERS)
_schedule = _family("schedule", "Scales that wait for their time.", _SERVERS)
_autoscaling = _family("autoscaling", "By which rules recommendations are taken.", _SERVERS)
_drift = _family("drift", "What somebody else did to servers.", _SERVERS)
_op = _family("op", "Operations: every change that was asked for.", _SERVERS)
_group = _family("group", "Server groups: which servers belong together, or apart.", _SERVERS)
_quota = _family("quota", "Quotas: what a project may use.", _QUOTAS)
_class = App(name="class", help="The limits of all that have none of their own.", help_epilogue="")
_quota.command(_class)
_audit = _family("audit", "Whether the record is what was written.", _RECORD)
_host = _family("host", "Hypervisor hosts: what they have, what is promised.", _REGION)
_projection = _family("projection", "Read models, and how far they have come.", _REGION)
_region = _family("region", "What holds for all servers of the region.", _REGION)
_policy = App(name="policy", help="What its operators allow.", help_epilogue="")
_region.command(_policy)
_token = _family("token", "Who may call.", _REGION)


def _add(to: App, name: str, path: str, help: str, group: Group | None = None) -> None:
    """Imported when it is run: a client needs no hypervisor library, and help needs nothing."""
    to.command(f"adapters.cli.{path}", name=name, help=help, group=group, help_epilogue="")


_add(app, "adopt", "servers.servers:adopt", "Take a VM that is there into the books.", _SERVERS)
_add(app, "plan", "scaling.scaling:plan", "What a scale would take; nothing is changed.", _SERVERS)
_add(app, "scale", "scaling.scaling:scale", "Change the size of a server.", _SERVERS)
_add(app, "scale-many", "scaling.bulk:scale_many", "Change the sizes of many servers.", _SERVERS)
_add(app, "recommend", "scaling.autoscaling:recommend", "Recommend a size for a server.", _SERVERS)
_add(_server, "list", "servers.servers:listed", "All servers that you may see.")
_add(
    _server, "show", "servers.servers:show", "One server: size, guest, ceiling, what is being done."
)
_add(_server, "spec", "servers.servers:spec", "How it was asked for.")
_add(_server, "build", "servers.lifecycle:build", "Build one of a flavor and an image.")
_add(_server, "start", "servers.lifecycle:start", "Start one that is stopped.")
_add(_server, "stop", "servers.lifecycle:stop", "Shut one down.")
_add(_server, "delete", "servers.lifecycle:delete", "Remove one, and give back what it holds.")
_add(
    _server,
    "set",
    "servers.describing:change",
    "Say what it is, and whether it may be scaled at all.",
)
_add(_server, "resize", "servers.resizing:resize", "Give it another flavor, by way of a restart.")
_add(
    _server, "confirm", "servers.resizing:confirm", "Let it keep the flavor that it was resized to."
)
_add(_server, "revert", "servers.resizing:revert", "Give it back the flavor that it had.")
_add(_server, "ceiling", "servers.servers:ceiling", "Declare the most that a server may have.")
_add(_group, "create", "groups:create", "Make a group.")
_add(_group, "list", "groups:listed", "All groups that you may see.")
_add(_group, "show", "groups:show", "One group, with its members.")
_add(_group, "delete", "groups:delete", "Delete a group; its servers stay.")
_add(_group, "join", "groups:join", "Have a server join.")
_add(_group, "leave", "groups:leave", "Have a server leave.")
_add(_drift, "list", "drift:listed", "All servers that differ from the books.")
_add(_drift, "adopt", "drift:adopt", "Take what was done into the books.")
_add(_drift, "reapply", "drift:reapply", "Bring a server back to what is in the books.")
_add(_op, "list", "operations:listed", "The latest operations.")
_add(_op, "show", "operations:show", "One operation; with --wait, when it ends.")
_add(_op, "cancel", "operations:cancel", "Cancel one that was not sent yet.")
_add(_op, "resolve", "operations:resolve", "Find out what became of one of unknown outcome.")

_add(_schedule, "list", "scaling.schedules:listed", "All schedules that you may see.")
_add(_schedule, "show", "scaling.schedules:show", "One schedule, and what became of it.")
_add(_schedule, "change", "scaling.schedules:change", "Change what it will ask for, or when.")
_add(_schedule, "cancel", "scaling.schedules:cancel", "Have it not asked for.")
_add(_autoscaling, "show", "scaling.autoscaling:show", "The rules of a server.")
_add(
    _autoscaling, "set", "scaling.autoscaling:change", "Have recommendations taken, by these rules."
)
_add(_autoscaling, "unset", "scaling.autoscaling:unset", "Take no recommendations any more.")

_add(_flavor, "create", "flavors:create", "Make a flavor.")
_add(_flavor, "list", "flavors:listed", "All flavors that you may see.")
_add(_flavor, "show", "flavors:show", "One flavor, with its properties.")
_add(_flavor, "set", "flavors:change", "Change what may change.")
_add(_flavor, "delete", "flavors:delete", "Build nothing more of it.")
_add(_image, "create", "images:create", "Make an image from a libvirt domain's XML.")
_add(_image, "list", "images:listed", "All images.")
_add(_image, "show", "images:show", "One image; with --template, what it is made of.")
_add(_image, "set", "images:change", "Change an image.")
_add(_image, "delete", "images:delete", "Build nothing more from it.")
_add(_window, "list", "scaling.windows:listed", "All windows.")
_add(_window, "show", "scaling.windows:show", "One window, and when it opens next.")
_add(_window, "set", "scaling.windows:change", "Make or change a window.")
_add(_window, "delete", "scaling.windows:delete", "Delete a window.")

_add(app, "limits", "quotas.quotas:limits", "What a project may use, and what it does.", _QUOTAS)
_add(_quota, "show", "quotas.quotas:show", "The limits of a project, and which are its own.")
_add(
    _quota, "set", "quotas.quotas:change", "Set limits of a project, a user in it, or all below it."
)
_add(_quota, "reset", "quotas.quotas:reset", "Give its limits back to the defaults.")
_add(_quota, "tree", "quotas.quota_tree:tree", "Projects below projects, and what they share.")
_add(_quota, "move", "quotas.quota_tree:move", "Put a project below another one.")
_add(_quota, "changes", "quotas.quota_tree:changes", "Who changed which limit, when and why.")
_add(_class, "show", "quotas.quota_class:show", "The limits of all that have none of their own.")
_add(_class, "set", "quotas.quota_class:change", "Change them, for the time to come.")
_add(app, "usage", "usage:usage", "What projects have taken over a time.", _QUOTAS)

_add(app, "history", "history:history", "Who changed what, when and why.", _RECORD)
_add(_audit, "verify", "audit:verify", "Check every fact, and recompute all usage from nothing.")

_add(app, "demo", "demo:demo", "A region to look at: PostgreSQL, hypervisor, guest.", _REGION)
_add(app, "serve", "run:serve", "Serve the API.", _REGION)
_add(app, "relay", "run:relay", "Carry changes to the hypervisors.", _REGION)
_add(app, "migrate", "run:migrate", "Bring the database to the present schema.", _REGION)
_add(app, "lanes", "operators:lanes", "Each host's queue of changes.", _REGION)
_add(_host, "list", "hosts:listed", "All hosts, and what is taken of them.")
_add(_host, "show", "hosts:show", "One host: capacity, terms, traits.")
_add(_host, "set", "hosts:change", "Set what may be promised of it.")
_add(_projection, "list", "operators:projections", "How far the read models have come.")
_add(_projection, "rebuild", "operators:rebuild", "Make one anew while the old one serves.")
_add(_policy, "show", "region_policy:show", "The policy in force.")
_add(_policy, "set", "region_policy:change", "Change the policy.")
_add(_token, "create", "tokens:create", "Make a token; it is shown this once.")
_add(_token, "list", "tokens:listed", "All tokens' names, roles and projects.")
_add(_token, "revoke", "tokens:revoke", "Let a token no longer be accepted.")


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line; its exit code."""
    from adapters.cli.kit.ending import Stopped, tell  # noqa: PLC0415 (help needs neither)

    try:
        return int(app(words, result_action="return_value") or 0)
    except Stopped as e:
        tell(e, as_json="--json" in words)
        return e.code
    except KeyboardInterrupt:
        return 130
