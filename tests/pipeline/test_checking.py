"""Generating with a check: who is left out, and what is said, by a HAProxy that refuses every line with REFUSED in it.

The HAProxy is a small script; integration/ asks the real ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.origin import Origin, Position
from lbgen.pipeline import Options, from_values
from lbgen.pipeline.checking import Checked, Checking, from_apps_checked, told
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
        assert checked.tool.startswith("HAProxy 2.6.12 at ")

    def test_stay_in_the_other_dialect(self, check: Callable[..., Checked]) -> None:
        checked = check(app("/a"), app("/bad", REFUSED, 10002), dialect="marathon-lb")
        assert (checked.accepted, checked.runs, checked.generated.names_left_out) == (False, 1, [])


def test_names_of_the_product_are_told_once(tmp_path: Path) -> None:
    binary = tmp_path / "haproxy"
    warning = "frontend '$2' has the same name as backend '$2'. This will not be supported anymore in version 3.3."
    binary.write_text(
        f"""{SCRIPT.partition("grep")[0]}
grep -n ^backend "$file" | tr : " " | while read line _ name; do
  set -- $line $name
  echo "[WARNING]  (7) : config : parsing [$file:$1] : {warning}"
done
"""
    )
    binary.chmod(0o755)
    given = Options(groups=("*",), hosts={}, dialect="marathon-lb")
    inputs = from_values("fleet.json", [app("/a"), app("/b", {}, 10002)])
    checked = from_apps_checked(inputs, given, Checking("binary", str(binary)))
    assert said(checked.findings) == [
        "warning[duplicate-name] 2 times a frontend and a backend have one name: HAProxy 3.2 warns, and 3.3 refuses it"
    ]
    assert "--dialect portable" in checked.findings[0].help


class TestOperatorsTemplates:
    """A template is everybody's: nobody is left out for it."""

    @pytest.mark.parametrize("text", ["backend {backend}\n  REFUSED\n", "backend {backend}\n  REFUSED {balance}\n"])
    def test_that_are_refused_are_named_and_nobody_is_left_out(self, check: Callable[..., Checked], text: str) -> None:
        fleet = [app("/a", {"BALANCE": "source"}), app("/b", {"BALANCE": "first"}, 10002)]
        checked = check(*fleet, environ={"HAPROXY_BACKEND_HEAD": text.replace("\n", "\\n")})
        assert (checked.accepted, checked.runs, checked.generated.names_left_out) == (False, 1, [])
        assert {each.origin for each in checked.findings} == {
            Origin("environment variable HAPROXY_BACKEND_HEAD", position=Position(2, 1))
        }

    def test_that_are_no_apps_are_named_as_well(self, check: Callable[..., Checked], tmp_path: Path) -> None:
        (tmp_path / "HAPROXY_HTTP_FRONTEND_HEAD").write_text("frontend marathon_http_in\n  bind *:80\n  REFUSED\n")
        checked = check(app("/a"), templates=tmp_path)
        assert (checked.accepted, checked.generated.names_left_out) == (False, [])
        (finding,) = checked.findings
        assert finding.origin == Origin(f"{tmp_path}/HAPROXY_HTTP_FRONTEND_HEAD", position=Position(3, 1))

    def test_are_not_at_fault_where_one_app_fills_them_badly(self, check: Callable[..., Checked]) -> None:
        fleet = [app("/a"), app("/bad", {"BIND_OPTIONS": "REFUSED"}, 10002)]
        environ = {"HAPROXY_FRONTEND_HEAD": "frontend {backend}\\n  bind {bindAddr}:{servicePort}{bindOptions}\\n"}
        checked = check(*fleet, environ=environ)
        assert (checked.accepted, checked.generated.names_left_out) == (True, ["/bad"])
        (finding,) = checked.findings
        assert [origin.app for origin in finding.related] == ["/bad"]

    def test_leave_nobody_out_beside_a_bad_app(self, check: Callable[..., Checked]) -> None:
        fleet = [app("/a"), app("/b", {}, 10002), app("/bad", REFUSED, 10003)]
        checked = check(*fleet, environ={"HAPROXY_FRONTEND_BACKEND_GLUE": "  REFUSED\\n"})
        assert (checked.accepted, checked.generated.names_left_out) == (False, [])
        assert {each.app for each in checked.findings} == {None, "/bad"}


@pytest.mark.parametrize(
    ("tool", "target", "lines"),
    [
        ("HAProxy 3.2.1 at /x", "3.2", ["checked with HAProxy 3.2.1 at /x"]),
        (
            "HAProxy 2.6.12 at /x",
            "3.2",
            ["checked with HAProxy 2.6.12 at /x; what HAProxy 3.2, the target, says may differ"],
        ),
        (
            "image x/haproxy:2.6",
            "3.2",
            ["checked with image x/haproxy:2.6; what HAProxy 3.2, the target, says may differ"],
        ),
        ("image haproxy:3.2", "3.2", ["checked with image haproxy:3.2"]),
        ("image mine", "3.2", ["checked with image mine"]),
        ("", "3.2", []),
    ],
)
def test_another_version_than_the_target_is_told(tool: str, target: str, lines: list[str]) -> None:
    assert told(tool, [], target) == lines
