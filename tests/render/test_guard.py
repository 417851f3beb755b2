"""No line that a label wrote leaves its place: neither filled in, nor put together, nor under a name of another's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import CHECK, HTTP, app, generate, section, sections, text

BOTH = pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
GOOD = app("/good", {"VHOST": "good.x"}, 10002)
CHECK_WITH_COMMAND = CHECK | {"command": {"value": "true\nbackend evil"}}

FILLED: dict[str, dict[str, Any]] = {
    "a value that becomes the first word": app(
        "/bad", {"BALANCE": "global", "BACKEND_HEAD": "backend {backend}\n{balance}\n"}
    ),
    "a value that ends a first word": app(
        "/bad", {"PATH": "end", "VHOST": "a.x", "HTTP_FRONTEND_ACL_WITH_PATH": "back{path} x\n"}
    ),
    "a line break in a value of a health check": app(
        "/bad",
        {"MODE": "http", "BACKEND_HTTP_HEALTHCHECK_OPTIONS": "  # {healthCheck[command][value]}\n"},
        healthChecks=[CHECK_WITH_COMMAND],
    ),
    "a line break in a part of a line": app(
        "/bad",
        {"MODE": "http", "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS": "check # {healthCheck[command][value]}"},
        healthChecks=[CHECK_WITH_COMMAND],
    ),
    "a first word in a second line of a part of a line": app(
        "/bad",
        {"MODE": "http", "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS": "check\n{healthCheckPath} x"},
        healthChecks=[CHECK | {"path": "global"}],
    ),
}


@BOTH
@pytest.mark.parametrize("bad", FILLED.values(), ids=FILLED)
def test_what_a_label_is_filled_with_opens_no_section(bad: dict[str, Any], dialect: str) -> None:
    result = generate(bad, GOOD, dialect=dialect)
    assert [service.app.id for service in result.services] == ["/good"]
    (finding,) = (each for each in result.findings if str(each.severity) == "error")
    assert finding.app == "/bad"
    assert finding.label is not None


def test_two_labels_write_no_section_together() -> None:
    # Marathon-LB ends no lines: the second label goes on where the first one stopped.
    bad = app(
        "/bad",
        {"MODE": "http", "STICKY": "true", "BACKEND_HTTP_OPTIONS": "  back", "BACKEND_STICKY_OPTIONS": "end evil\n"},
    )
    result = generate(bad, GOOD)
    (finding,) = result.findings
    assert finding.message == (
        "HAPROXY_0_BACKEND_STICKY_OPTIONS makes the line \"backend evil\": 'backend' would open a section of its own"
    )
    assert section("backend bad_10001", bad, dialect="portable")[2:4] == ["back", "end evil"]


@BOTH
def test_only_a_line_feed_ends_a_line(dialect: str) -> None:
    rule = "  acl x path /\u2028backend evil \x85 frontend evil\n"
    bad = app("/bad", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": rule})
    assert set(sections(text(bad, dialect=dialect))) == set(
        sections(text(app("/bad", {"VHOST": "a.x"}), dialect=dialect))
    )
    assert "backend evil" in section(HTTP, bad, dialect=dialect)[2]


class TestNames:
    """A section has one owner."""

    @BOTH
    @pytest.mark.parametrize(
        ("label", "head"),
        [
            ("BACKEND_HEAD", "backend good_10002"),
            ("BACKEND_HEAD", "'backend' \"good_10002\""),
            ("FRONTEND_HEAD", "frontend marathon_http_in"),
            ("FRONTEND_HEAD", "frontend stats"),
        ],
    )
    def test_of_others_are_taken(self, label: str, head: str, dialect: str) -> None:
        result = generate(app("/bad", {label: f"{head}\n"}), GOOD, dialect=dialect)
        assert [service.app.id for service in result.services] == ["/good"]
        (finding,) = (each for each in result.findings if each.rule == "name-taken")
        assert finding.label == f"HAPROXY_0_{label}"

    @BOTH
    def test_of_the_apps_own_are_free(self, dialect: str) -> None:
        labels = {"FRONTEND_HEAD": "frontend {backend}\n  bind :1\n", "BACKEND_HEAD": "backend {backend}\n  mode tcp\n"}
        result = generate(app("/a", labels), GOOD, dialect=dialect)
        assert len(result.services) == 2

    @BOTH
    def test_are_the_first_apps_where_two_take_one(self, dialect: str) -> None:
        fleet = [
            app(f"/{name}", {"FRONTEND_HEAD": "frontend web\n  bind :1\n"}, 10001 + n) for n, name in enumerate("abc")
        ]
        result = generate(*fleet, dialect=dialect)
        assert [service.app.id for service in result.services] == ["/a"]
        assert result.left_out == 2

    @BOTH
    def test_of_user_lists_are_another_matter(self, dialect: str) -> None:
        labels = {"AUTH": "r:joe:hash", "MODE": "http", "USERLIST_HEAD": "userlist good_10002\n  user joe password x\n"}
        assert len(generate(app("/a", labels), GOOD, dialect=dialect).services) == 2


class TestIds:
    @BOTH
    @pytest.mark.parametrize(
        "app_id", ["/a\nbackend x", "/a b", "/a#b", "/ä", "/a'b", "/a\\b", "/a\0", "/a{b}", "/\ud800"]
    )
    def test_that_make_no_name_leave_the_app_out(self, app_id: str, dialect: str) -> None:
        result = generate(app(app_id), GOOD, dialect=dialect)
        assert [each.rule for each in result.findings] == ["bad-app-id"]
        assert [service.app.id for service in result.services] == ["/good"]

    def test_are_told_by_the_character_at_fault(self) -> None:
        (finding,) = generate(app("/a\nb"), GOOD).findings
        allowed = "the names that HAProxy takes are made of letters, digits, and . _ : -"
        assert finding.message == f"the app's id holds the character U+000A; {allowed}"
        assert finding.origin is not None
        assert finding.origin.pointer == "/0/id"

    def test_are_no_business_of_a_load_balancer_that_does_not_serve_them(self) -> None:
        result = generate(app("/a b"), app("/good", {"HAPROXY_GROUP": "external"}), groups=("external",))
        assert [str(each.severity) for each in result.findings] == ["warning"]
        assert result.left_out == 0
