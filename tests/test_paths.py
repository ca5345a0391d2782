"""What a conftest file gives is there for its tests, in whatever order paths are asked for."""

from __future__ import annotations

import pytest

from tests.kit import order

pytest_plugins = ["pytester"]

_CONFTEST = """
import pytest

@pytest.fixture
def given():
    return 1
"""
_FILES = ["above/below/test_one.py", "above/test_other.py", "above/below/test_two.py"]
_USES, _USES_NOT = "def test_it(given): pass", "def test_it(): pass"


class _Ordered:
    def pytest_configure(self, config: pytest.Config) -> None:
        order.folder_by_folder(config.args)


@pytest.mark.parametrize("paths", [_FILES, _FILES[::-1]])
def test_a_folder_given_in_parts_keeps_its_fixtures(
    pytester: pytest.Pytester, paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    below = pytester.mkpydir("above").joinpath("below")
    below.mkdir()
    (below / "conftest.py").write_text(_CONFTEST)
    for name in _FILES:
        (pytester.path / name).write_text(_USES if "below" in name else _USES_NOT)
    (below / "__init__.py").touch()

    ran = pytester.inline_run("-p", "no:cacheprovider", *paths, plugins=[_Ordered()])

    ran.assertoutcome(passed=3)


def test_tests_of_one_file_stay_in_the_order_asked_for() -> None:
    paths = ["b/x.py::two", "a.py", "b/x.py::one", "b-c/y.py", "b/a.py"]
    order.folder_by_folder(paths)
    assert paths == ["a.py", "b/a.py", "b/x.py::two", "b/x.py::one", "b-c/y.py"]
