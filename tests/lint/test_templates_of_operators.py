"""What is found in the templates that the operator gives, who has them in a directory or in the environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.rules import templates
from lbgen.origin import Position, Span
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.report.places import placed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = {*(rule.name for rule in templates.RULES if not rule.name.startswith("directive-")), "bad-template"}
HEAD = "global\n  stats socket /var/run/haproxy/socket expose-fd listeners\ndefaults\n  timeout connect 1s\n"


@pytest.fixture
def linted(tmp_path: Path) -> Callable[..., list[str]]:
    """A function that lints one app with these templates: `file:line:column: severity rule: message`, a line each."""
    app = {"id": "/web", "instances": 1, "labels": {"HAPROXY_GROUP": "external"}, "portDefinitions": [{"port": 10001}]}
    (tmp_path / "web.json").write_text(json.dumps(app))
    (tmp_path / "templates").mkdir()

    def run(dialect: str = "marathon-lb", environ: Any = None, **templates: str) -> list[str]:
        for name, text in templates.items():
            (tmp_path / "templates" / f"HAPROXY_{name}").write_text(text)
        options = Options(groups=(), dialect=dialect, templates=tmp_path / "templates", environ=environ or {})
        found = lint([str(tmp_path / "web.json")], options)
        return [
            f"{str(each.place).removeprefix(f'{tmp_path}/')}: {each.finding.severity} {each.finding.rule}: "
            f"{each.finding.message}"
            for each in placed(found.findings, found.documents)
            if each.finding.rule in OURS
        ]

    return run


def test_a_backend_of_an_app_is_no_place_for_a_default(linted: Any) -> None:
    head = "frontend marathon_http_in\n  bind *:80\n  mode http\n  default_backend web_10001\n"

    assert linted(HTTP_FRONTEND_HEAD=head) == [
        (
            "templates/HAPROXY_HTTP_FRONTEND_HEAD:4:19: error global-template-ref: "
            "names web_10001 of /web: the whole configuration fails when that app is suspended"
        ),
    ]


def test_nor_is_one_that_nobody_has(linted: Any) -> None:
    head = "frontend marathon_http_in\n  bind *:80\n  use_backend gone_10009 if { path /x }\n"

    assert linted(HTTP_FRONTEND_HEAD=head) == [
        (
            "templates/HAPROXY_HTTP_FRONTEND_HEAD:3:15: error global-template-ref: "
            "names gone_10009, which no app here has and no template of the operator's defines"
        ),
    ]


def test_what_the_templates_define_themselves_is_fine(linted: Any) -> None:
    users = "userlist staff\n  user joe password $6$s$x\nbackend sorry\n  errorfile 503 /errors/503.http\n"
    rules = "  acl known http_auth(staff)\n  use_backend %[req.hdr(host)]\n  default_backend sorry\n"
    frontend = f"frontend marathon_http_in\n  bind *:80\n  mode http\n{rules}"

    assert linted(HEAD=HEAD + users, HTTP_FRONTEND_HEAD=frontend) == []


class TestHead:
    def test_a_daemon_stops_marathon_lb(self, linted: Any) -> None:
        assert linted(HEAD=HEAD.replace("defaults", "  # no daemon\ndefaults")) == [
            "templates/HAPROXY_HEAD:3:8: error head-outdated: the word 'daemon' stops Marathon-LB 1.12 and later",
        ]

    def test_so_does_a_socket_without_the_listeners(self, linted: Any) -> None:
        assert linted(HEAD=HEAD.replace(" expose-fd listeners", "")) == [
            (
                "templates/HAPROXY_HEAD:2:39: error head-outdated: "
                "a head without 'expose-fd listeners' stops Marathon-LB 1.12 and later"
            ),
        ]

    def test_and_no_socket_at_all(self, linted: Any) -> None:
        assert linted(HEAD="global\ndefaults\n  timeout connect 1s\n") == [
            (
                "templates/HAPROXY_HEAD:1:1: error head-outdated: "
                "a head without 'expose-fd listeners' stops Marathon-LB 1.12 and later"
            ),
        ]

    def test_the_portable_dialect_does_not_mind(self, linted: Any) -> None:
        assert linted("portable", HEAD="global\n  daemon\n" + HEAD.removeprefix("global\n")) == [
            (
                "templates/HAPROXY_HEAD:2:3: warning head-outdated: "
                "the word 'daemon' stops Marathon-LB 1.12 and later, which the portable dialect does not mind"
            ),
        ]

    def test_of_the_environment_only_the_name_is_known(self, linted: Any) -> None:
        head = HEAD.replace("\n", "\\n").replace("global", "global\\n  daemon")

        assert linted(environ={"HAPROXY_HEAD": head}) == [
            (
                "environment variable HAPROXY_HEAD:2:3: error head-outdated: "
                "the word 'daemon' stops Marathon-LB 1.12 and later"
            ),
        ]

    def test_it_is_mended_in_its_file(self, linted: Any, tmp_path: Path) -> None:
        linted(HEAD="global\n  daemon\n  stats socket /run/socket level admin # mine\ndefaults\n")
        options = Options(groups=(), dialect="marathon-lb", templates=tmp_path / "templates")
        found = lint([str(tmp_path / "web.json")], options)
        edits = [edit for finding in found.findings if finding.fix for edit in finding.fix.edits]

        assert [(edit.text, edit.span) for edit in edits] == [
            ("", Span(Position(2, 1), Position(3, 1))),
            (" expose-fd listeners", Span(Position(3, 39), Position(3, 39))),
        ]


def test_a_template_that_cannot_be_filled_in_is_a_finding(linted: Any) -> None:
    assert linted(BACKEND_HEAD="backend {backend}\n  mode {moode}\n")[0].startswith(
        "templates/HAPROXY_BACKEND_HEAD:2:8: error bad-template: "
        "the template BACKEND_HEAD has no placeholder {moode} here"
    )
