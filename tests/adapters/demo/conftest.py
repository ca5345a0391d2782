"""Real hosts for the tests of this folder."""

from __future__ import annotations

from tests.adapters.hypervisors.kvm.places import cache, daemon, files, second_daemon, two_hosts

__all__ = ["cache", "daemon", "files", "second_daemon", "two_hosts"]
