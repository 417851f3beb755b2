"""Templates of haproxy.cfg that operators bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.server.rendering import DEFAULT_TEMPLATE, sections
from lbgen.server.templating import TemplateError, fill, refuse_go
from tests.server.documents import pool

if TYPE_CHECKING:
    from starlette.testclient import TestClient

TEMPLATE = "/v2/pools/ping-lb/lbtemplate"
WITH_USERS = """\
userlist people
  user joe insecure-password x
{% for section in sections %}
{{ section.text }}
{% if section.kind == "frontend" %}
  http-request auth unless { http_auth(people) }
{% endif %}
{% endfor %}
"""


def test_the_built_in_one_changes_nothing(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    before = client.get("/v2/pools/ping-lb/lbconfig").text
    assert client.get("/v2/lbtemplate").text == client.get(TEMPLATE).text == DEFAULT_TEMPLATE
    assert client.put(TEMPLATE, content=DEFAULT_TEMPLATE).text == DEFAULT_TEMPLATE
    assert client.get("/v2/pools/ping-lb/lbconfig").text == before


def test_lines_are_added(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    assert client.put(TEMPLATE, content=WITH_USERS).text == WITH_USERS
    lines = client.get("/v2/pools/ping-lb/lbconfig").text.split("\n")
    assert lines[0] == "userlist people"
    frontend = lines.index("  frontend frontend_0.0.0.0_15001")
    assert "  http-request auth unless { http_auth(people) }" in lines[frontend : frontend + 8]


def test_a_template_stays_when_the_pool_changes(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    client.put(TEMPLATE, content=WITH_USERS)
    client.put("/v2/pools/ping-lb", json=pool(port=15007))
    text = client.get("/v2/pools/ping-lb/lbconfig").text
    assert text.startswith("userlist people\n")
    assert "bind 0.0.0.0:15007" in text
    assert client.delete(TEMPLATE).text == DEFAULT_TEMPLATE
    assert "userlist" not in client.get("/v2/pools/ping-lb/lbconfig").text


def test_a_template_is_changed_as_if_match_asks(client: TestClient) -> None:
    tag = client.post("/v2/pools", json=pool()).headers["etag"]
    assert client.put(TEMPLATE, content=WITH_USERS, headers={"If-Match": tag}).status_code == 200
    assert client.put(TEMPLATE, content=DEFAULT_TEMPLATE, headers={"If-Match": tag}).status_code == 412
    assert client.delete(TEMPLATE, headers={"If-Match": tag}).status_code == 412


REFUSED = [
    ("", "it is empty"),
    ("{% for %}", "line 1: "),
    ("global\n{{ nothing }}", "line 2: 'nothing' is undefined"),
    ("{{ pool.__class__ }}", "is unsafe"),
    ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "is unsafe"),
    ("{% include '/etc/passwd' %}", "line 1: "),
    ("just words", "what it makes has no section"),
    ("global\n  log 'x", "what it makes cannot be read by HAProxy, line 2"),
    ("global\n{{ '\\x00' }}", "what it makes holds the character U+0000"),
    (
        "global\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "too much time or memory",
    ),
    ("global\n{{ 'x' * 10 ** 10 }}", "memory"),
    ("global\n{% for a in range(99999) %}{{ 'x' * 999 }}{% endfor %}", "longer than 16 MiB"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=lambda part: part[:30])
def test_what_cannot_be_used_is_refused(client: TestClient, text: str, why: str) -> None:
    client.post("/v2/pools", json=pool())
    reply = client.put(TEMPLATE, content=text)
    assert reply.status_code == 400
    assert why in reply.text
    assert client.get(TEMPLATE).text == DEFAULT_TEMPLATE


GO = [
    "global\n{{ range .Frontends }}{{ end }}",
    "{{- range $i, $f := .Pool.Haproxy.Frontends -}}",
    "{{ .Name }}",
    "{{if .X}}a{{else}}b{{end}}",
    '{{ $x := "a" }}',
    "{{/* a comment */}}",
]


@pytest.mark.parametrize("text", GO)
def test_templates_of_go_are_refused_with_a_way_on(client: TestClient, text: str) -> None:
    client.post("/v2/pools", json=pool())
    reply = client.put(TEMPLATE, content=text)
    assert reply.status_code == 400
    assert "Go" in reply.text
    assert "Jinja2" in reply.text
    assert "/v2/lbtemplate" in reply.text


@pytest.mark.parametrize("text", [DEFAULT_TEMPLATE, WITH_USERS, '{{ "a" if true else "b" }}', "{{- pool.name -}}"])
def test_templates_of_jinja_are_not_taken_for_go(text: str) -> None:
    refuse_go(text, "")


def test_unknown_pools_and_what_is_no_text(client: TestClient) -> None:
    assert client.put(TEMPLATE, content=DEFAULT_TEMPLATE).status_code == 404
    client.post("/v2/pools", json=pool())
    assert client.put(TEMPLATE, content=b"\xff").status_code == 400


def test_templates_see_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "x")
    with pytest.raises(TemplateError):
        fill("{{ environ }}", {})
    with pytest.raises(TemplateError):
        fill("{{ cycler.__init__.__globals__.os.environ }}", {})


def test_sections_are_the_whole_text() -> None:
    text = "# mine\nglobal\n  log x\n\n  backend a\n    server b c:1\n"
    found = sections(text)
    assert [(each["kind"], each["name"]) for each in found] == [("", ""), ("global", ""), ("backend", "a")]
    assert "\n".join(each["text"] for each in found) + "\n" == text
