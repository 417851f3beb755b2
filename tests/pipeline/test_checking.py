"""Generating with a check: who is left out, and what is said, by a HAProxy that refuses every line with REFUSED in it.

The HAProxy is a small script; integration/ asks the real ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline import Options, from_values
from lbgen.pipeline.checking import Checked, Checking, from_apps_checked
from tests.fleets import app, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCRIPT = """#!/bin/sh
if [ "$1" = -v ]; then echo "HAProxy version 2.6.12-1 2026/10/17"; exit; fi
for file; do :; done
grep -n REFUSED "$file" | cut -d: -f1 | while read line; do
  echo "[ALERT]    (7) : config : parsing [$file:$line] : unknown keyword"
done
! grep -q REFUSED "$file"
"""
REFUSED = {"BACKEND_HTTP_OPTIONS": "  REFUSED\n", "MODE": "http"}


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Checked]:
    binary = tmp_path / "haproxy"
    binary.write_text(SCRIPT)
    binary.chmod(0o755)

    def checked(*apps: Any, **options: Any) -> Checked:
        given = Options(**{"groups": ("*",), "hosts": {}} | options)
        return from_apps_checked(from_values("fleet.json", list(apps)), given, Checking("binary", str(binary)))

    return checked


class TestApps:
    def test_that_are_refused_are_left_out_and_named(self, check: Callable[..., Checked]) -> None:
        checked = check(app("/a"), app("/bad", REFUSED, 10002))
        assert (checked.accepted, checked.runs, checked.generated.names_left_out) == (True, 2, ["/bad"])
        assert said(checked.findings) == ["error[haproxy-refuses] unknown keyword"]
        assert [(each.app, each.label) for each in checked.findings] == [("/bad", "HAPROXY_0_BACKEND_HTTP_OPTIONS")]

    def test_of_which_none_is_left_are_not_told_that_nobody_asked(self, check: Callable[..., Checked]) -> None:
        checked = check(app("/bad", REFUSED))
        assert (checked.generated.rendered, checked.generated.names_left_out) == (None, ["/bad"])
        assert [each.rule for each in (*checked.findings, *checked.generated.findings)] == ["haproxy-refuses"]

    def test_stay_in_the_other_dialect(self, check: Callable[..., Checked]) -> None:
        checked = check(app("/a"), app("/bad", REFUSED, 10002), dialect="marathon-lb")
        assert (checked.accepted, checked.runs, checked.generated.names_left_out) == (False, 1, [])
