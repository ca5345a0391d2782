"""A moment as people write it."""

from datetime import UTC, datetime

import pytest

from adapters.cli.kit.times import moment

TEN = datetime(2026, 7, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-01T22:00Z",
        "2026-07-01 22:00",
        "2026-07-01T22:00:00+00:00",
        "2026-07-02T00:00+02:00",
        " 20260701T220000Z ",
    ],
)
def test_a_time_is_utc_unless_it_says_otherwise(written: str) -> None:
    assert moment(written) == TEN


@pytest.mark.parametrize("written", ["", "22:00", "tomorrow", "2026-07-32", "1782943200"])
def test_an_invalid_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        moment(written)
