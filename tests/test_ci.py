"""The project's own rule for CI: what is skipped has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console import ROOT

if TYPE_CHECKING:
    from _pytest.pytester import RunResult

pytest_plugins = ["pytester"]

SKIPPED = "import pytest\ndef test_it():\n    pytest.skip('no engine')\n"
MARKED = "import pytest\n@pytest.mark.skipif(True, reason='no engine')\ndef test_it():\n    pass\n"
MODULE = "import pytest\npytest.importorskip('nowhere', reason='no engine')\ndef test_it():\n    pass\n"
WAYS = ("within the test", "by a mark", "the whole module")
EXPECTED = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n"


def run(pytester: pytest.Pytester, source: str) -> RunResult:
    pytester.makeconftest((ROOT / "conftest.py").read_text())
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


@pytest.mark.parametrize(("source", "how"), [(SKIPPED, "failed"), (MARKED, "errors"), (MODULE, "errors")], ids=WAYS)
def test_a_skip_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str, how: str) -> None:
    monkeypatch.setenv("CI", "true")
    result = run(pytester, source)
    result.assert_outcomes(**{how: 1})
    result.stdout.fnmatch_lines(["*nothing is skipped in CI: *no engine*"])


@pytest.mark.parametrize("source", [SKIPPED, MARKED, MODULE], ids=WAYS)
def test_a_skip_is_a_skip_elsewhere(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setenv("CI", "false")
    run(pytester, source).assert_outcomes(skipped=1)


def test_an_expected_failure_is_no_skip(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    run(pytester, EXPECTED).assert_outcomes(xfailed=1)
