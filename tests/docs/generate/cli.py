"""The page of the command line: every command and option, as its help says it."""

from __future__ import annotations

import re

from adapters.cli import app

# Of this command alone the usage names how this process was started.
_STARTED = re.compile(r"^(ullage --install-completion).*?( \[OPTIONS\])$", re.MULTILINE)
# The site has one beside each page.
_CONTENTS = re.compile(r"^#+ Table of Contents\n.*?(?=^\*\*)", re.MULTILINE | re.DOTALL)


def page() -> str:
    """What every command is told of by its help, below what holds for all of them."""
    described = app.generate_docs(max_heading_level=4).partition("\n")[2]
    for pattern, instead in ((_STARTED, r"\1\2"), (_CONTENTS, "")):
        described = pattern.sub(instead, described)
    return f"{app.help_epilogue}\n\n{described}"
