"""Folders of tests that the libvirt of root can enter, which may have to run as nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.demo.machines import libvirtd_place


def guest_cache(config: pytest.Config) -> Path:
    """The guest and what libvirt knows of QEMU outlive a run: they take half a minute to make."""
    assert config.cache is not None
    return libvirtd_place.within_reach(Path(config.cache.mkdir("ullage-guest")))


@contextmanager
def reachable(folder: Path) -> Iterator[Path]:
    """The folder, or one that stands in for it and goes afterwards."""
    place = libvirtd_place.within_reach(folder)
    try:
        yield place
    finally:
        if place != folder:
            shutil.rmtree(place)
