"""The label table: what each label's text becomes, what is refused in it, and labels that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.marathon.labels import APP_LABELS, IGNORED_TEMPLATE_LABELS, PORT_LABELS, TEMPLATE_LABELS, known, split_name
from lbgen.marathon.templates import TEMPLATES
from lbgen.model.service import Auth, Service
from tests.fleets import about, app, generate

if TYPE_CHECKING:
    from lbgen.pipeline import Generated

# Name, a text, and what becomes of it.
PARSED: list[tuple[str, str, Any]] = [
    ("AUTH", "the realm:joe:$6$abc$def/.", Auth("the realm", "joe", "$6$abc$def/.")),
    ("BACKEND_HEALTHCHECK_PORT_INDEX", "1", 1),
    ("BACKEND_HEALTHCHECK_PORT_INDEX", "-1", -1),
    ("BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8 1.2.3.4", "10.0.0.0/8 1.2.3.4"),
    ("BACKEND_WEIGHT", "-5", -5),
    ("BACKEND_WEIGHT", " 1_0 ", 10),
    ("BALANCE", "hdr(X-User)", "hdr(X-User)"),
    ("BIND_ADDR", "10.0.0.1", "10.0.0.1"),
    ("BIND_OPTIONS", "ca-file /x verify required", "ca-file /x verify required"),
    ("ENABLED", "Yes", True),
    ("GROUP", "a, b,", ("a", " b", "")),
    ("GROUP", "", ("",)),
    ("HTTP_BACKEND_PROXYPASS_PATH", "/p", "/p"),
    ("HTTP_BACKEND_REDIR", "/d", "/d"),
    ("HTTP_BACKEND_REVPROXY_PATH", "/r", "/r"),
    ("MODE", "HTTP", "http"),
    ("MODE", "health", "health"),
    ("PATH", "-i /a /b", "-i /a /b"),
    ("PORT", "+010", 10),
    ("REDIRECT_TO_HTTPS", "t", True),
    ("SSL_CERT", "/etc/ssl/a.pem", "/etc/ssl/a.pem"),
    ("STICKY", "y", True),
    ("USE_HSTS", "on", False),
    ("VHOST", "A.Example.ORG", ("a.example.org",)),
    ("VHOST", "a.x, B.x,", ("a.x", " b.x", "")),
    ("VHOST", "*.x", ("*.x",)),
    ("VHOST", "", ()),
]
TABLE = {label.name: label for label in PORT_LABELS}


@pytest.mark.parametrize(("name", "text", "value"), PARSED)
def test_the_text_of_a_label_becomes_a_value(name: str, text: str, value: Any) -> None:
    assert TABLE[name].parse(text) == value


def test_every_label_is_here_has_a_field_and_is_explained() -> None:
    assert {name for name, _, _ in PARSED} == set(TABLE)
    assert {label.field for label in PORT_LABELS} <= set(Service.__slots__)
    assert all(label.meaning for label in PORT_LABELS)


def test_a_label_is_a_value_a_template_or_both_by_name_alone() -> None:
    assert set(TABLE) & TEMPLATE_LABELS == set()
    assert set(TEMPLATES) >= TEMPLATE_LABELS
    # The name of this template's label is taken by the label that holds the path.
    assert "HTTP_BACKEND_REDIR" in TEMPLATES
    assert "HTTP_BACKEND_REDIR" not in TEMPLATE_LABELS


@pytest.mark.parametrize(
    ("key", "split"),
    [
        ("HAPROXY_0_VHOST", (0, "VHOST")),
        ("HAPROXY_12_BACKEND_HEAD", (12, "BACKEND_HEAD")),
        ("HAPROXY_01_VHOST", None),
        ("HAPROXY_-1_VHOST", None),
        ("HAPROXY_0_", None),
        ("HAPROXY_GROUP", None),
        ("haproxy_0_VHOST", None),
        (f"HAPROXY_{'9' * 40}_VHOST", None),
    ],
)
def test_keys_count_by_service_port(key: str, split: tuple[int, str] | None) -> None:
    assert split_name(key) == split


def with_label(key: str, value: str) -> Generated:
    return generate(app("/bad", {key: value}), app("/good", {}, 10002))


REFUSED = [
    ("PORT", "https", 'should be a whole number, is "https"'),
    ("PORT", "", 'should be a whole number, is ""'),
    ("BACKEND_WEIGHT", "1.5", 'should be a whole number, is "1.5"'),
    ("BACKEND_HEALTHCHECK_PORT_INDEX", "first", 'should be a whole number, is "first"'),
    ("AUTH", "realm:user", "should be realm:user:password-hash, has 2 parts between colons instead of 3"),
    ("AUTH", "realm", "should be realm:user:password-hash, has 1 part instead of 3"),
    ("AUTH", 'a"b:user:hash', "holds a double quote"),
    ("AUTH", "r:us'er:hash", "holds an unmatched quote"),
    ("BALANCE", "roundrobin\n  server evil 10.0.0.9:1", "holds a line break"),
    ("BALANCE", "roundrobin # x", "holds '#', which starts a comment"),
    ("BIND_ADDR", "*\x00", "holds a control character"),
    ("BIND_OPTIONS", "crt 'x", "holds an unmatched quote"),
    ("BIND_OPTIONS", 'crt "$HOME"', "holds '$' in double quotes, which stands for a variable"),
    ("BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8\n1.2.3.4", "holds a line break"),
    ("SSL_CERT", "/a.pem\\", "holds an unfinished escape"),
    ("MODE", "http\nbackend x", "holds a line break"),
    ("PATH", "/a\r\n", "holds a line break"),
    ("VHOST", "a.x }", "holds '}', which no host name has"),
    ("VHOST", "a.x,-f", "holds '-f', which HAProxy would take for an option of the ACL"),
    ("VHOST", "%[env(HOME)]", "holds '%', which no host name has"),
    ("HTTP_BACKEND_REDIR", "/%[env(HOME)]", "asks for the load balancer's environment"),
    ("VHOST", "a\ud800", "holds half of a surrogate pair, which is no character"),
    ("VHOST", r"a.x \x7d or \x7b always_true", r"holds '\x', which HAProxy would read as another character"),
    ("VHOST", "a" * 254, "holds a name of 254 characters; host names have 253 at the most"),
    ("HTTP_BACKEND_REVPROXY_PATH", r"/\x25[env(HOME)]", r"holds '\x', which HAProxy would read as another character"),
    ("PATH", "-f /etc/passwd", "holds '-f', which would read a file of the load balancer"),
    ("PATH", "/a " * 51, "holds 51 words; HAProxy takes some 50 in a line"),
    ("BACKEND_NETWORK_ALLOWED_ACL", "-f /etc/passwd", "holds '-f', which would read a file of the load balancer"),
    ("HTTP_BACKEND_PROXYPASS_PATH", '/"', "holds a double quote"),
    ("HTTP_BACKEND_REVPROXY_PATH", "/$HOME", "holds '$' in double quotes, which stands for a variable"),
]


@pytest.mark.parametrize(("name", "value", "problem"), REFUSED)
def test_a_value_that_could_not_stay_one_leaves_its_app_out(name: str, value: str, problem: str) -> None:
    result = with_label(name, value)
    (finding,) = result.findings
    assert (str(finding.severity), finding.rule) == ("error", "bad-label-value")
    assert finding.message == f"HAPROXY_0_{name} {problem}"
    assert (finding.app, finding.label) == ("/bad", f"HAPROXY_0_{name}")
    assert [service.app.id for service in result.services] == ["/good"]
    assert result.left_out == 1


class TestUnread:
    def test_misspelt_labels_are_told_with_what_was_meant(self) -> None:
        (finding,) = with_label("HAPROXY_0_VHOTS", "a.x").findings
        assert (str(finding.severity), finding.rule, finding.label) == ("warning", "label-unknown", "HAPROXY_0_VHOTS")
        assert finding.message == "no load balancer reads a label of this name"
        assert finding.help == "did you mean HAPROXY_0_VHOST?"

    @pytest.mark.parametrize(
        ("label", "meant"),
        [
            ("HAPROXY_0_REDIR", "did you mean HAPROXY_0_HTTP_BACKEND_REDIR?"),
            ("HAPROXY_1_WEIGHT", "did you mean HAPROXY_1_BACKEND_WEIGHT?"),
            ("HAPROXY_0_WHATEVER", "lbgen schema app lists the labels that are read"),
        ],
    )
    def test_the_end_of_a_name_is_enough_where_one_name_has_it(self, label: str, meant: str) -> None:
        (finding,) = with_label(label, "x").findings
        assert finding.help == meant

    @pytest.mark.parametrize(
        ("label", "meant"), [("HAPROXY_00_PORT", "HAPROXY_0_PORT"), ("HAPROXY_01_VHOST", "HAPROXY_1_VHOST")]
    )
    def test_what_was_meant_is_never_the_same_label(self, label: str, meant: str) -> None:
        (finding,) = with_label(label, "7").findings
        assert finding.help == f"did you mean {meant}?"

    def test_labels_of_no_port_are_told(self) -> None:
        (finding,) = with_label("HAPROXY_1_VHOST", "a.x").findings
        assert (finding.rule, finding.help) == ("label-index-range", "service ports count from 0: here 0")
        assert finding.message == "index 1 counts past the app's only service port"

    @pytest.mark.parametrize("name", sorted(IGNORED_TEMPLATE_LABELS))
    def test_labels_that_are_never_read_are_told(self, name: str) -> None:
        (finding,) = with_label(f"HAPROXY_0_{name}", "  # x\n").findings
        assert finding.rule == "template-unused"
        assert finding.help == f"HAPROXY_0_{name.removeprefix('MAP_')} is what replaces it"

    @pytest.mark.parametrize(
        "key", [*sorted(set(APP_LABELS) - {"HAPROXY_DEPLOYMENT_GROUP"}), "OTHER", "traefik.enable"]
    )
    def test_other_labels_are_none_of_its_business(self, key: str) -> None:
        assert generate(app() | {"labels": {key: "x"}}).findings == []

    def test_a_label_is_known_or_not(self) -> None:
        assert known("VHOST")
        assert known("BACKEND_HEAD")
        assert not known("HEAD")


def test_a_label_of_null_is_no_label() -> None:
    made = app("/a", {}) | {"labels": {"HAPROXY_0_PORT": None}}
    assert about(generate(made), "bad-label-value") == []
