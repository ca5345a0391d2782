"""The command line: a client of the API in the API's own words, and what runs a region."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError, Group, Parameter

from adapters.cli import commands, notes

_HELP = "Scale running virtual machines, within quotas."
_EPILOGUE = (
    "Set ULLAGE_API to the API's address (http://127.0.0.1:8774 if not set) and ULLAGE_TOKEN to a "
    "token. serve, relay, migrate, token and audit read ULLAGE_DSN and the other settings.\n\n"
    "Servers, flavors, images and groups are given by name, by id, or by the first 4 or more "
    "digits of the id, as lists show them; --ids shows whole ids.\n\n"
    "Exit codes: 0 done; 1 failed; 2 refused; 3 conflicts with something else; 4 needs consent to "
    "a migration or a restart; 5 not reachable, or outcome not known yet."
)

app = App(
    name="ullage",
    help=_HELP,
    help_epilogue=_EPILOGUE,
    help_format="plaintext",
    version=lambda: version("ullage"),
    default_parameter=Parameter(negative=(), show_default=False),
)


app.register_install_completion_command(help="Install completion for your shell.")


def _fill(app: App) -> None:
    """With all commands, each under its heading."""
    groups = {title: Group.create_ordered(title) for title in commands.PANELS}
    panel = {name: groups[title] for title, names in commands.PANELS.items() for name in names}
    apps = {"": app}
    for typed, help_ in commands.FAMILIES:
        above, _, name = typed.rpartition(" ")
        apps[typed] = App(name=name, help=help_, group=panel.get(typed), help_epilogue="")
        apps[above].command(apps[typed])
    for typed, path, help_ in commands.COMMANDS:
        above, _, name = typed.rpartition(" ")
        run = f"adapters.cli.{path}"
        page = "\n\n".join(filter(None, (help_, notes.NOTES.get(typed))))
        group = panel.get(typed)
        apps[above].command(run, name=name, help=page, group=group, help_epilogue="")


_fill(app)


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line; its exit code."""
    from adapters.cli.kit import typed  # noqa: PLC0415 (help needs neither)
    from adapters.cli.kit.ending import Stopped, tell  # noqa: PLC0415

    try:
        asked = app(words, result_action="return_value", exit_on_error=False, print_error=False)
        return int(asked or 0)
    except CycloptsError as e:
        end = typed.refused(e)
    except Stopped as e:
        end = e
    except KeyboardInterrupt:
        return 130
    tell(end, as_json="--json" in words)
    return end.code
