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
    "restart; 5 not reachable, or not known yet."
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
_op = _family("op", "Operations: every change that was asked for.", _SERVERS)
_quota = _family("quota", "Quotas: what a project may use.", _QUOTAS)
_audit = _family("audit", "Whether the record is what was written.", _RECORD)
_projection = _family("projection", "Read models, and how far they have come.", _REGION)
_token = _family("token", "Who may call.", _REGION)


def _add(to: App, name: str, path: str, help: str, group: Group | None = None) -> None:
    """Imported when it is run: a client needs no hypervisor library, and help needs nothing."""
    to.command(f"adapters.cli.{path}", name=name, help=help, group=group, help_epilogue="")


_add(app, "adopt", "servers:adopt", "Take a running VM into the books.", _SERVERS)
_add(app, "plan", "scaling:plan", "What a scale would take; nothing is changed.", _SERVERS)
_add(app, "scale", "scaling:scale", "Change the size of a running server.", _SERVERS)
_add(_server, "list", "servers:listed", "All servers that you may see.")
_add(_server, "show", "servers:show", "One server: size, guest, ceiling, what is being done.")
_add(_server, "ceiling", "servers:ceiling", "Declare the most that a server may have.")
_add(_op, "list", "operations:listed", "The latest operations.")
_add(_op, "show", "operations:show", "One operation; with --wait, when it ends.")
_add(_op, "resolve", "operations:resolve", "Find out what became of one of unknown outcome.")

_add(app, "limits", "quotas:limits", "What a project may use, and what it does.", _QUOTAS)
_add(_quota, "show", "quotas:show", "The limits of a project, and which are its own.")
_add(_quota, "set", "quotas:change", "Set limits of a project.")

_add(app, "history", "history:history", "Who changed what, when and why.", _RECORD)
_add(_audit, "verify", "audit:verify", "Check every fact, and recompute all usage from nothing.")

_add(app, "demo", "demo:demo", "A region to look at: PostgreSQL, hypervisor, guest.", _REGION)
_add(app, "serve", "run:serve", "Serve the API.", _REGION)
_add(app, "relay", "run:relay", "Carry changes to the hypervisors.", _REGION)
_add(app, "migrate", "run:migrate", "Bring the database to the present schema.", _REGION)
_add(app, "lanes", "operators:lanes", "Each host's queue of changes.", _REGION)
_add(_projection, "list", "operators:projections", "How far the read models have come.")
_add(_projection, "rebuild", "operators:rebuild", "Make one anew while the old one serves.")
_add(_token, "create", "tokens:create", "Make a token; it is shown this once.")
_add(_token, "list", "tokens:listed", "All tokens' names, roles and projects.")
_add(_token, "revoke", "tokens:revoke", "Let a token no longer be accepted.")


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line; its exit code."""
    from adapters.cli.ending import Stopped, tell  # noqa: PLC0415 (help needs neither)

    try:
        return int(app(words, result_action="return_value") or 0)
    except Stopped as e:
        tell(e, as_json="--json" in words)
        return e.code
    except KeyboardInterrupt:
        return 130
