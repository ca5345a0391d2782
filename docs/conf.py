"""How Sphinx builds the documentation: plain Markdown, strict about links, nothing from outside."""

project = "Ullage"
author = "The Ullage authors"
copyright = "The Ullage authors"  # noqa: A001 (Sphinx's own name)

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
# Links to headings are checked down to this level.
myst_heading_anchors = 4
nitpicky = True

html_theme = "furo"
html_title = "Ullage"
# Sources are in the repository; a copy of them on the site says nothing new.
html_copy_source = False
html_show_sphinx = False
