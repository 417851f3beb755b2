"""The pytest plugin: loaded by every pytest that shares an environment with lbgen, so it has to be light."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

HEAVY = ("click", "cryptography", "docker", "jinja2", "lbgen.check", "lbgen.pipeline", "pydantic", "testcontainers")


def test_it_imports_nothing_heavy() -> None:
    script = f"import sys, lbgen.testing.plugin; print([name for name in {HEAVY} if name in sys.modules])"
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_public_name_is_there() -> None:
    import lbgen.testing

    assert all(hasattr(lbgen.testing, name) for name in lbgen.testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        lbgen.testing.nonsense  # noqa: B018


NEEDS = "def test_it(start_haproxy):\n    start_haproxy('', engine='binary', binary='/nowhere/haproxy')\n"


def test_without_haproxy_a_test_is_skipped(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(NEEDS)
    result = pytester.runpytest_subprocess("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*needs a real HAProxy: there is no program '/nowhere/haproxy'*"])


def test_without_haproxy_a_test_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(NEEDS)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no program '/nowhere/haproxy' (CI is set, so nothing is skipped)*"])
