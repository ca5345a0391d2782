"""``python -m adapters.cli`` is ``ullage``, wherever its script was installed."""

from adapters.cli import main

main()
