"""From a line of the configuration back to the app, the label, and the line within the label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.origin import Because, SourceMap
from tests.fleets import APP_IDS, CHECK, HTTP, HTTPS, app, generate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.origin import Origin
    from lbgen.render.writer import Rendered

BOTH = pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])


def rendered(*apps: dict[str, Any], **options: Any) -> Rendered:
    made = generate(*apps, **options).rendered
    assert made is not None
    return made


def origin(made: Rendered, line: str, behind: str = "", hint: str = "") -> Origin | None:
    """The origin of the first line that reads so, blanks collapsed, behind the line `behind`."""
    lines = [" ".join(each.split()) for each in made.text.split("\n")]
    start = lines.index(behind) if behind else 0
    return made.source_map.origin(lines.index(line, start) + 1, hint)


def came_from(made: Rendered, line: str, behind: str = "", hint: str = "") -> str:
    """App and label, or field, that made the line; empty where it is lbgen's own."""
    found = origin(made, line, behind, hint)
    return (
        ""
        if found is None
        else f"{found.app} {found.label or found.pointer.partition('/')[2].partition('/')[2]}".strip()
    )


LABELS = {
    "VHOST": "a.x",
    "PATH": "/p",
    "AUTH": "r:joe:hash",
    "PORT": "10007",
    "BALANCE": "source",
    "SSL_CERT": "/c.pem",
    "STICKY": "true",
    "USE_HSTS": "true",
    "HTTP_BACKEND_REDIR": "/d",
    "BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8",
}
EVERYTHING = app("/a", LABELS, healthChecks=[CHECK])
LINES = [
    ("user joe password hash", "", "AUTH"),
    ("bind *:80", "", None),
    ("acl host_a_x_a hdr(host) -i a.x", HTTP, "VHOST"),
    ("acl path_a_10007 path_beg /p", HTTP, "PATH"),
    ("acl app__a hdr(x-marathon-app-id) -i /a", APP_IDS, ""),
    ("acl path_a_10007 path_beg /p", HTTPS, "PATH"),
    ("bind *:10007 ssl crt /c.pem", "", "SSL_CERT"),
    ("mode http", "bind *:10007 ssl crt /c.pem", ""),
    ("backend a_10007", "", "PORT"),
    ("balance source", "backend a_10007", "BALANCE"),
    ("option forwardfor", "backend a_10007", ""),
    ("redirect code 301 location /d if is_domain is_root", "backend a_10007", "HTTP_BACKEND_REDIR"),
    ("acl network_allowed src 10.0.0.0/8", "backend a_10007", "BACKEND_NETWORK_ALLOWED_ACL"),
    ("http-request deny", "backend a_10007", "BACKEND_NETWORK_ALLOWED_ACL"),
    ("cookie mesosphere_server_id insert indirect nocache", "backend a_10007", "STICKY"),
]


@BOTH
@pytest.mark.parametrize(("line", "behind", "label"), LINES)
def test_a_line_comes_from_the_label_that_says_most_about_it(
    line: str, behind: str, label: str | None, dialect: str
) -> None:
    expected = "" if label is None else f"/a HAPROXY_0_{label}" if label else "/a"
    assert came_from(rendered(EVERYTHING, dialect=dialect), line, behind) == expected


@BOTH
def test_a_line_about_a_health_check_comes_from_there(dialect: str) -> None:
    made = rendered(EVERYTHING, dialect=dialect)
    assert came_from(made, "option httpchk GET /h") == "/a healthChecks/0/path"
    assert came_from(made, "timeout check 2s") == "/a healthChecks/0"


def test_of_several_labels_a_message_chooses() -> None:
    made = rendered(EVERYTHING)
    line = "bind *:10007 ssl crt /c.pem"
    assert came_from(made, line, hint="unable to load certificate from '/c.pem'") == "/a HAPROXY_0_SSL_CERT"
    assert came_from(made, line, hint="cannot bind port 10007") == "/a HAPROXY_0_PORT"


class TestTemplatesOfLabels:
    TEXT = "  timeout connect 10s\r\n\r\n  timeout client 86400s\r\n  server {serverName} {host_ipv4}:{port}\r\n"
    OWN = app("/a", {"BACKEND_SERVER_OPTIONS": TEXT, "SSL_CERT": "/c.pem"})

    @BOTH
    @pytest.mark.parametrize(
        "line", ["timeout connect 10s", "timeout client 86400s", "server {serverName} {host_ipv4}:{port}"]
    )
    def test_are_known_by_the_line(self, line: str, dialect: str) -> None:
        made = rendered(self.OWN, dialect=dialect)
        written = line.format(serverName="10_0_0_1_31001", host_ipv4="10.0.0.1", port=31001)
        found = origin(made, written)
        assert found is not None
        assert found.label == "HAPROXY_0_BACKEND_SERVER_OPTIONS"
        assert self.TEXT[found.start : found.end].strip() == line

    def test_are_known_where_their_lines_are_put_into_another_order(self) -> None:
        rule = "  use_backend {backend} if x\n  acl x path /{backend}\n"
        own = app("/a", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": rule})
        made = rendered(own, dialect="portable")
        for line, part in (
            ("acl x path /a_10001", "  acl x path /{backend}"),
            ("use_backend a_10001 if x", "  use_backend {backend} if x"),
        ):
            found = origin(made, line, HTTP)
            assert found is not None
            assert rule[found.start : found.end] == part

    def test_of_the_map_are_those_of_the_plain_rule(self) -> None:
        own = app("/a", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": "  acl x path {haproxy_dir}\n"})
        found = origin(rendered(own, haproxy_map=True), "acl x path /etc/haproxy")
        assert found is not None
        assert found.label == "HAPROXY_0_HTTP_FRONTEND_ACL"

    def test_of_a_line_that_two_labels_wrote_belong_to_the_first(self) -> None:
        own = app("/a", {"MODE": "http", "BACKEND_HTTP_OPTIONS": "  option http", "BACKEND_SERVER_OPTIONS": "log\n"})
        assert came_from(rendered(own), "option httplog") == "/a HAPROXY_0_BACKEND_HTTP_OPTIONS"


@BOTH
def test_every_line_of_a_service_has_its_app(dialect: str) -> None:
    fleet = [app(f"/{name}", LABELS | {"PORT": str(10001 + n)}, 10001 + n) for n, name in enumerate("abc")]
    made = rendered(*fleet, dialect=dialect)
    for number, line in enumerate(made.text.split("\n"), 1):
        found = made.source_map.origin(number)
        named = {name for name in "abc" if f"{name}_1000" in line}
        if named and line.strip():
            assert found is not None, line
            assert found.app in {f"/{name}" for name in named}


class TestParts:
    """The map of a text that was joined of parts."""

    @pytest.fixture
    def made(self) -> SourceMap:
        def reasons(index: int, line: int) -> Sequence[Because]:
            return [Because("d", f"/{index}", f"{index}.{line}")] if index != 2 else []

        return SourceMap(["a\nb", "c\n", "", "\n\nd\n", "e"], reasons)

    @pytest.mark.parametrize(
        ("line", "app"),
        [(0, None), (1, "0.0"), (2, "0.1"), (3, None), (4, None), (5, "3.2"), (6, "4.0"), (7, None), (99, None)],
    )
    def test_leads_to_the_first_that_wrote_in_the_line(self, made: SourceMap, line: int, app: str | None) -> None:
        because = made.because(line)
        assert (because.app if because else None) == app
