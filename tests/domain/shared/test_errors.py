"""A refusal says in one sentence what is wrong, with its numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.server.unconfirmed import NotResized, ResizeUnconfirmed
from domain.shared.errors import (
    AboveCeiling,
    AlreadyAdopted,
    DriftOpen,
    LimitInvalid,
    Misaligned,
    NeedsMigration,
    NeedsRestart,
    NoMemorySlot,
    NotFound,
    NothingDrifted,
    NothingToCancel,
    NothingToChange,
    NothingToResolve,
    NotScalable,
    NoValidHost,
    OutcomeUndecided,
    PowerForbids,
    QuotaBelowUsage,
    QuotaExceeded,
    Refused,
    ResourceUnknown,
    ScaleInProgress,
    Shortage,
    StalePlan,
    StaleVersion,
)
from tests.kit.examples import HUGE, LARGE, OPERATION, PROJECT, SERVER, SMALL, TINY

CORES = Shortage(resource="cores", asked=3, used=2, limit=4, left=2)
OF_ANN = replace(CORES, scope="user", node="ann")
OF_ALL = replace(CORES, used=9, limit=10, left=1, scope="shared", node="acme")
OF_GROUP = Shortage(
    resource="server_group_members",
    asked=1,
    used=10,
    limit=10,
    left=0,
    scope="group",
    node="web",
)
RAM = Shortage(resource="ram", asked=0, used=4096, limit=1024, left=0)

SENTENCES: dict[Refused, str] = {
    NotFound(what="server", id="a"): "There is no server a.",
    AlreadyAdopted(server=SERVER): f"Server {SERVER} is adopted already.",
    ScaleInProgress(operation=OPERATION, to=LARGE): (
        f"Operation {OPERATION} is still open: nothing else can begin before it ends."
    ),
    OutcomeUndecided(operation=OPERATION, to=LARGE): (
        f"It is not known whether operation {OPERATION} brought the server to "
        "4 vCPUs / 8192 MiB: resolve that operation first."
    ),
    NothingToResolve(operation=OPERATION): (
        f"Operation {OPERATION} is not one whose outcome is unknown."
    ),
    NotScalable(server_size=SMALL): (
        "The server is fixed at 2 vCPUs / 4096 MiB: no ceiling was declared. "
        "An administrator can change it."
    ),
    NotScalable(server_size=SMALL, closed=("region", "image")): (
        "The server is fixed at 2 vCPUs / 4096 MiB: closed by region, image. "
        "An administrator can change it."
    ),
    AboveCeiling(asked=HUGE, ceiling=LARGE): (
        "16 vCPUs / 65536 MiB is above the server's ceiling of 4 vCPUs / 8192 MiB."
    ),
    NeedsRestart(asked=HUGE, floor=TINY, ceiling=LARGE): (
        "16 vCPUs / 65536 MiB cannot be reached while the server runs: "
        "only 1 vCPU / 1024 MiB up to 4 vCPUs / 8192 MiB can."
    ),
    Misaligned(asked_memory_mib=5000, step_mib=128, nearest_memory_mib=4992): (
        "Memory of this server changes in steps of 128 MiB: not 5000 but 4992 MiB would work."
    ),
    NoMemorySlot(asked_memory_mib=8192): (
        "No memory slot is left to grow to 8192 MiB while the server runs."
    ),
    QuotaExceeded(project=PROJECT, shortages=[CORES]): (
        "Quota of project demo exceeded: cores: 3 more asked, 2 of 4 used."
    ),
    QuotaExceeded(project=PROJECT, shortages=[CORES, RAM], would_fit=SMALL): (
        "Quota of project demo exceeded: cores: 3 more asked, 2 of 4 used; "
        "ram: 0 more asked, 4096 of 1024 used. 2 vCPUs / 4096 MiB would fit."
    ),
    QuotaExceeded(project=PROJECT, shortages=[OF_ANN, OF_ALL, OF_GROUP]): (
        "Quota of project demo exceeded: cores: 3 more asked, 2 of 4 used by user ann; "
        "cores: 3 more asked, 9 of 10 used by all below acme; "
        "server_group_members: 1 more asked, 10 of 10 used in group web."
    ),
    QuotaBelowUsage(shortages=[RAM]): (
        "The limit would be below what is in use (ram: 4096 used, 1024 asked); "
        "force it to set it all the same."
    ),
    LimitInvalid(resource="ram", limit=-2): (
        "-2 is no limit for ram: -1 is unlimited, 0 to 2147483647 are counts."
    ),
    ResourceUnknown(resource="gpus"): (
        "There is no quota for 'gpus', only for instances, cores, ram, server_groups, "
        "server_group_members, key_pairs, metadata_items, injected_files, "
        "injected_file_content_bytes, injected_file_path_bytes, fixed_ips, floating_ips, "
        "security_groups, security_group_rules."
    ),
    NothingToCancel(operation=OPERATION): (
        f"Operation {OPERATION} was sent to its hypervisor already, or has ended."
    ),
    NothingToChange(size=SMALL): "The server has 2 vCPUs / 4096 MiB already.",
    NothingDrifted(): "There is nothing about this server that could be adopted or re-applied so.",
    DriftOpen(): (
        "Somebody else has changed this server. "
        "An administrator can adopt what was done, or re-apply what is in the books."
    ),
    ResizeUnconfirmed(was=SMALL, size=LARGE): (
        "The server was resized from 2 vCPUs / 4096 MiB to 4 vCPUs / 8192 MiB: "
        "confirm or revert that first."
    ),
    NotResized(): "The server was not resized, so there is nothing to confirm or to revert.",
    PowerForbids(power="paused"): "That cannot be done to a server which is paused.",
    NeedsMigration(asked=LARGE): (
        "There is no room for 4 vCPUs / 8192 MiB where the server runs; "
        "it would have to migrate to another host first."
    ),
    NoValidHost(asked=LARGE): "No host has room for 4 vCPUs / 8192 MiB.",
    NoValidHost(asked=LARGE, would_fit=SMALL): (
        "No host has room for 4 vCPUs / 8192 MiB. 2 vCPUs / 4096 MiB would fit."
    ),
    StalePlan(planned="1-a", current="2-b"): (
        "It would not go as planned any more. Plan again, and look at what has changed."
    ),
    StaleVersion(expected=3, current=5): ("It has changed: version 3 was named, 5 is current."),
}


@pytest.mark.parametrize("refusal", SENTENCES, ids=lambda r: type(r).__name__)
def test_says_what_is_wrong(refusal: Refused) -> None:
    assert str(refusal) == SENTENCES[refusal]


def test_every_refusal_is_looked_at_here() -> None:
    looked_at = {Refused.__module__, ResizeUnconfirmed.__module__}
    here = {kind for kind in Refused.__subclasses__() if kind.__module__ in looked_at}
    assert {type(refusal) for refusal in SENTENCES} == here
