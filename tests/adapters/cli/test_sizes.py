"""Memory as people write it."""

import pytest

from adapters.cli.kit.sizes import mib


@pytest.mark.parametrize(
    ("written", "is_mib"),
    [
        ("768", 768),
        ("768MiB", 768),
        ("768m", 768),
        ("1GiB", 1024),
        ("1.5GiB", 1536),
        ("0.5g", 512),
        ("2 gib", 2048),
        ("1TiB", 1024 * 1024),
    ],
)
def test_a_memory_size_is_read_in_mib(written: str, is_mib: int) -> None:
    assert mib(written) == is_mib


@pytest.mark.parametrize(
    "written", ["", "MiB", "-1", "768MB", "1 GB", "1e3", "0x10", "1,5GiB", "٣", "1GiB1"]
)
def test_an_invalid_memory_size_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no memory"):
        mib(written)


@pytest.mark.parametrize("written", ["0", "0GiB", "1.5", "0.0001GiB"])
def test_a_memory_size_below_a_mib_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="whole number of MiB"):
        mib(written)
