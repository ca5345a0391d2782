"""What holds of tables among the settings where they do not say otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.shared.resources import Amounts

# OpenStack Nova's own defaults, and one for what Nova does not know.
QUOTA: Amounts = {
    "instances": 10,
    "cores": 20,
    "ram": 51200,
    "server_groups": 10,
    "server_group_members": 10,
    "key_pairs": 100,
    "metadata_items": 128,
    "injected_files": 5,
    "injected_file_content_bytes": 10240,
    "injected_file_path_bytes": 255,
    "fixed_ips": -1,
    "floating_ips": -1,
    "security_groups": -1,
    "security_group_rules": -1,
    "schedules": 1000,
}


RATE_LIMITS: dict[str, float] = {
    "reads": 500,
    "heavy_reads": 50,
    "writes": 200,
    "admin.reads": 5000,
    "admin.heavy_reads": 200,
    "admin.writes": 2000,
    "auditor.reads": 5000,
    "auditor.heavy_reads": 200,
}
"""More than an ordinary client asks for: Terraform's ten at a time come to some 100 a second."""

LEADER_LEASE = 4.0
"""Seconds: a commit takes as long only where its leader hangs, and who waits for it should not."""

RATES = "reads, heavy_reads and writes, each also behind a role, as in member.writes"
"""What rates there are, for people."""
_RATE = re.compile(r"((reader|member|admin|auditor)\.)?(reads|heavy_reads|writes)")


def unknown_rate(names: Iterable[str]) -> str | None:
    """The first name that is none of a rate, if any."""
    return next((name for name in names if not _RATE.fullmatch(name)), None)
