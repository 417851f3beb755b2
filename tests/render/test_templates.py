"""Which template wins: a label's, the environment's, the templates directory's, or the built-in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import InputError
from lbgen.marathon.templates import TEMPLATES
from lbgen.origin import Origin, Position
from lbgen.render.builtin import templates_directory
from lbgen.render.templates import from_directory, from_environment
from tests.fleets import about, app, generate, section, sections, text

if TYPE_CHECKING:
    from pathlib import Path

LABEL, ENVIRONMENT, DIRECTORY = "  # label\n  balance a\n", "  balance b\\n", "  balance c\n"
HTTP = {"MODE": "http"}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "HAPROXY_BACKEND_HTTP_OPTIONS").write_text(DIRECTORY)
    return tmp_path


def options(*apps: dict[str, Any], **given: Any) -> list[str]:
    """What stands between the mode and the server of the backend."""
    return section("backend a_10001", *apps, **given)[2:-1]


class TestOrder:
    def test_the_built_in_one_is_last(self) -> None:
        assert options(app("/a", HTTP))[0] == "option forwardfor"

    def test_the_directory_is_before_it(self, directory: Path) -> None:
        assert options(app("/a", HTTP), templates=directory) == ["balance c"]

    def test_the_environment_is_before_the_directory(self, directory: Path) -> None:
        environ = {"HAPROXY_BACKEND_HTTP_OPTIONS": ENVIRONMENT}
        assert options(app("/a", HTTP), templates=directory, environ=environ) == ["balance b"]

    def test_the_label_is_before_all(self, directory: Path) -> None:
        own = app("/a", HTTP | {"BACKEND_HTTP_OPTIONS": LABEL})
        environ = {"HAPROXY_BACKEND_HTTP_OPTIONS": ENVIRONMENT}
        assert options(own, templates=directory, environ=environ) == ["balance a"]

    def test_the_label_counts_for_its_own_port_only(self) -> None:
        labels = {"HAPROXY_0_BACKEND_HTTP_OPTIONS": LABEL, "HAPROXY_0_MODE": "http", "HAPROXY_1_MODE": "http"}
        made = sections(text(app("/a", labels, 10001, 10002)))
        assert "option forwardfor" in made["backend a_10002"]
        assert "option forwardfor" not in made["backend a_10001"]


class TestEnvironment:
    def test_writes_a_line_break_as_backslash_n(self) -> None:
        found = from_environment({"HAPROXY_HEAD": "a\\nb\r\n"}, TEMPLATES)
        assert found["HEAD"].text == "a\nb\r\n"
        assert found["HEAD"].source == "environment variable HAPROXY_HEAD"

    def test_does_not_count_where_it_is_empty(self) -> None:
        assert from_environment({"HAPROXY_HEAD": "", "HEAD": "x", "HAPROXY_OTHER": "x"}, TEMPLATES) == {}


class TestDirectory:
    def test_counts_empty_files_and_reads_all_line_breaks(self, tmp_path: Path) -> None:
        (tmp_path / "HAPROXY_HEAD").write_bytes(b"a\r\nb\\n\rc")
        (tmp_path / "HAPROXY_FRONTEND_HEAD").write_text("")
        found = from_directory(tmp_path, TEMPLATES)
        assert {name: each.text for name, each in found.items()} == {"HEAD": "a\nb\\n\nc", "FRONTEND_HEAD": ""}

    def test_need_not_be_there(self, tmp_path: Path) -> None:
        assert from_directory(tmp_path / "none", TEMPLATES) == {}
        assert options(app("/a", HTTP), templates=tmp_path / "none")[0] == "option forwardfor"

    def test_says_what_it_cannot_read(self, tmp_path: Path) -> None:
        (tmp_path / "HAPROXY_HEAD").write_bytes(b"\xff")
        with pytest.raises(InputError, match=r"^the template cannot be read: not UTF-8$") as caught:
            from_directory(tmp_path, TEMPLATES)
        assert caught.value.origin is not None
        assert caught.value.origin.document == str(tmp_path / "HAPROXY_HEAD")


class TestLabels:
    def test_crlf_is_a_line_break_and_backslash_n_is_not(self) -> None:
        own = app("/a", HTTP | {"BACKEND_HTTP_OPTIONS": "  # crlf\r\n  # literal \\n stays\n  option httplog\r\n"})
        assert "  # crlf\n  # literal \\n stays\n  option httplog\n" in text(own)

    def test_of_text_are_pasted_and_the_others_filled(self) -> None:
        pasted = app("/a", HTTP | {"BACKEND_HTTP_OPTIONS": "  http-request set-header X {{y}} if { ssl_fc }\n"})
        filled = app("/a", {"FRONTEND_BACKEND_GLUE": "  use_backend {backend} if {{ always_true }}\n"})
        assert options(pasted) == ["http-request set-header X {{y}} if { ssl_fc }"]
        assert section("frontend a_10001", filled)[-1] == "use_backend a_10001 if { always_true }"

    def test_know_their_own_placeholders_only(self) -> None:
        result = generate(app("/a", {"FRONTEND_BACKEND_GLUE": "  use_backend {backend} if {hostname}\n"}))
        (finding,) = (each for each in result.findings if each.rule == "bad-template")
        assert finding.message == (
            "HAPROXY_0_FRONTEND_BACKEND_GLUE the template FRONTEND_BACKEND_GLUE has no placeholder {hostname} here;"
            " there are: {backend}"
        )
        assert finding.origin is not None
        assert (finding.origin.start, finding.origin.end) == (27, 37)

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("BACKEND_SERVER_OPTIONS", "  server x {host.__class__}\n", '"{host.__class__" is no placeholder'),
            ("BACKEND_SERVER_OPTIONS", "  server x {port:9999999}\n", "only plain placeholders are filled in"),
            ("BACKEND_HEAD", "backend {backend}\nglobal\n", "'global' would open a section of its own"),
            ("BACKEND_HEAD", "frontend {backend}\n", "should begin with 'backend', not 'frontend'"),
            ("BACKEND_HTTP_OPTIONS", "  chroot /\n", "'chroot' belongs into the global section"),
            ("BACKEND_HEAD", "", "should begin with 'backend': without it, its lines belong to the section before"),
        ],
    )
    @pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
    def test_that_cannot_be_used_leave_the_app_out(self, name: str, value: str, message: str, dialect: str) -> None:
        result = generate(app("/bad", HTTP | {name: value}), app("/good", {}, 10002), dialect=dialect)
        (finding,) = (each for each in result.findings if str(each.severity) == "error")
        assert finding.message.startswith(f"HAPROXY_0_{name} ")
        assert message in finding.message
        assert [service.app.id for service in result.services] == ["/good"]


class TestUnsafe:
    """`--unsafe-templates`: labels may write what operators may."""

    OWN = app("/a", HTTP | {"BACKEND_HTTP_OPTIONS": "  option httplog\nlisten mine\n  bind :1\n"})

    def test_takes_sections(self) -> None:
        assert "listen mine" in sections(text(self.OWN, unsafe_templates=True))
        assert generate(self.OWN).services == []

    def test_takes_a_frontend_without_head_as_marathon_lb_does(self) -> None:
        headless = app("/a", {"FRONTEND_HEAD": ""})
        assert section("frontend marathon_https_in", headless, unsafe_templates=True)[-1] == "use_backend a_10001"
        (message,) = about(generate(headless), "head-opens-no-section")
        assert message.startswith("HAPROXY_0_FRONTEND_HEAD opens no frontend, and the rule of FRONTEND_BACKEND_GLUE")


class TestOperators:
    def test_may_open_sections(self) -> None:
        environ = {"HAPROXY_HTTP_FRONTEND_HEAD": "listen mine\\n  bind :1\\nfrontend marathon_http_in\\n  bind :80\\n"}
        assert "listen mine" in sections(text(app(), environ=environ))

    def test_are_told_where_their_template_cannot_be_used(self) -> None:
        with pytest.raises(InputError) as caught:
            text(app(), environ={"HAPROXY_BACKEND_HEAD": "backend {name}\\n"})
        assert caught.value.origin == Origin("environment variable HAPROXY_BACKEND_HEAD", position=Position(1, 9))
        assert str(caught.value) == (
            "the template BACKEND_HEAD has no placeholder {name} here; there are: {backend}, {balance}, {mode}"
        )

    def test_are_told_of_files_that_nobody_reads(self, tmp_path: Path) -> None:
        for name in (
            "HAPROXY_FRONTEND_BACKEND_GLU",
            "BACKEND_HEAD",
            "HAPROXY_NONSENSE",
            "README",
            "HAPROXY_USERLIST_HEAD",
        ):
            (tmp_path / name).write_text("userlist {backend}\n")
        found = generate(app(), templates=tmp_path).findings
        assert [(each.rule, str(each.origin and each.origin.document), each.help) for each in found] == [
            ("unknown-template", f"{tmp_path}/BACKEND_HEAD", "did you mean HAPROXY_BACKEND_HEAD?"),
            (
                "unknown-template",
                f"{tmp_path}/HAPROXY_FRONTEND_BACKEND_GLU",
                "did you mean HAPROXY_FRONTEND_BACKEND_GLUE?",
            ),
            ("unknown-template", f"{tmp_path}/HAPROXY_NONSENSE", ""),
        ]

    def test_are_told_where_it_cannot_be_filled_in(self) -> None:
        check = {"protocol": "HTTP", "portIndex": 0, "timeoutSeconds": 1, "intervalSeconds": 1, "gracePeriodSeconds": 1}
        environ = {"HAPROXY_BACKEND_HTTP_HEALTHCHECK_OPTIONS": "  # {healthCheck[delay]}\\n"}
        with pytest.raises(
            InputError, match="BACKEND_HTTP_HEALTHCHECK_OPTIONS cannot be filled in: there is no 'delay'"
        ):
            text(app(healthChecks=[check | {"maxConsecutiveFailures": 3}]), environ=environ)

    @pytest.mark.parametrize("head", ["global\\n", "global\\n  daemon\\n  stats socket /s expose-fd listeners\\n"])
    def test_need_a_head_that_marathon_lb_takes(self, head: str) -> None:
        with pytest.raises(InputError, match=r"^Marathon-LB stops at this template HEAD"):
            text(app(), environ={"HAPROXY_HEAD": head})
        assert text(app(), environ={"HAPROXY_HEAD": head}, dialect="portable").startswith("global\n")

    def test_choose_the_options_of_all_proxies(self) -> None:
        environ = {"HAPROXY_GLOBAL_DEFAULT_OPTIONS": " redispatch, httplog,redispatch"}
        made = section("defaults", app(), environ=environ)
        assert [line for line in made if line.startswith("option")] == ["option httplog", "option redispatch"]


def test_the_built_in_templates_are_found_in_a_checkout() -> None:
    assert (templates_directory() / "marathon_lb" / "HEAD.j2").is_file()
