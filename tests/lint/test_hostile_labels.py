"""Whatever labels say, the rules about names, TLS and HTTP go on, and the order of apps does not matter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.lint import engine
from lbgen.lint.rules import http, names
from lbgen.pipeline.lint_inputs import read_fleet
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    import pytest

_KEYS = [
    "VHOST",
    "AUTH",
    "PATH",
    "MODE",
    "PORT",
    "SSL_CERT",
    "BIND_ADDR",
    "BIND_OPTIONS",
    "STICKY",
    "USE_HSTS",
    "REDIRECT_TO_HTTPS",
    "HTTP_BACKEND_REDIR",
    "HTTP_BACKEND_PROXYPASS_PATH",
    "HTTP_BACKEND_REVPROXY_PATH",
    "FRONTEND_HEAD",
    "BACKEND_HEAD",
    "USERLIST_HEAD",
    "GROUP",
]
_TEXTS = st.sampled_from(
    [
        "",
        " ",
        ",",
        "a.example,b.example",
        "b.example, a.example",
        "a_b,a.b",
        "stats",
        "*",
        "/",
        "//x/",
        "http",
        "tcp",
        "true",
        "10001",
        "external",
        "r:u:p",
        "/etc/ssl/a.pem,b",
        "\x00",
        "\n",
        "/" * 300,
        "alpn h2",
        "https://a.example/",
        "frontend {backend}\nbackend x_10001\nlisten {port}\n",
        "userlist {",
        "{0.__class__}",
        "é",
    ]
)
_LABELS = st.dictionaries(st.sampled_from([f"HAPROXY_{index}_{key}" for key in _KEYS for index in (0, 1)]), _TEXTS)
_IDS = st.sampled_from(["/a/b", "/a_b", "/a.b", "/x", "/" + "long/" * 40 + "x"])
_APPS = st.lists(st.tuples(_IDS, _LABELS), max_size=4, unique_by=lambda app: app[0])


def app(app_id: str, labels: dict[str, str]) -> dict[str, Any]:
    ports = [{"port": 10001}, {"port": 10002}]
    return {"id": app_id, "labels": {"HAPROXY_GROUP": "external", **labels}, "portDefinitions": ports}


@settings(max_examples=80, deadline=None)
@given(apps=_APPS, grouped=st.booleans(), mapped=st.booleans(), dialect=st.sampled_from(["portable", "marathon-lb"]))
def test_no_label_makes_a_rule_fail(
    tmp_path_factory: pytest.TempPathFactory, apps: Any, grouped: bool, mapped: bool, dialect: str
) -> None:
    directory = tmp_path_factory.mktemp("fleet")
    options = Options(groups=(), group_https_by_vhost=grouped, haproxy_map=mapped, dialect=dialect)
    files = [directory / f"{rank}.json" for rank in range(len(apps))]
    for file, (app_id, labels) in zip(files, apps, strict=True):
        file.write_text(json.dumps(app(app_id, labels)))
    told = [found([str(file) for file in order], options) for order in (files, files[::-1])]
    assert told[0] == told[1]


def found(files: list[str], options: Options) -> set[Any]:
    """What these rules say of the fleet."""
    fleet = read_fleet(files, options).fleet
    findings = engine.run((*names.RULES, *http.RULES), fleet)
    assert "internal-error" not in {finding.rule for finding in findings}
    return {(finding.rule, finding.origin, finding.message) for finding in findings}
