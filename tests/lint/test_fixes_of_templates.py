"""What becomes of labels that replace templates when they are fixed, and which of the fixes are safe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lbgen.lint.fix import mend
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from tests.fleets import app, generate

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "backend {backend}\n  balance {balance}\n"
SERVER = "  server {serverName} {host_ipv4}:{port}"
SHOP = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com"}


def mended(tmp_path: Path, rule: str, labels: dict[str, str], *, unsafe: bool) -> dict[str, str]:
    """What the fixes of a rule make of the labels of an app in http mode; they are made in rounds."""
    check = {
        "protocol": "HTTP",
        "portIndex": 0,
        "gracePeriodSeconds": 300,
        "intervalSeconds": 60,
        "timeoutSeconds": 20,
        "maxConsecutiveFailures": 3,
    }
    value = {"id": "/shop", "labels": SHOP | labels, "portDefinitions": [{"port": 10001}], "healthChecks": [check]}
    path = tmp_path / "app.json"
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    for _ in range(5):
        linted = lint([str(path)], Options(groups=()))
        made = mend([each for each in linted.findings if each.rule == rule], linted.documents, unsafe=unsafe)
        assert not made.mistakes
        if not made.texts:
            break
        path.write_text(made.texts[str(path)], encoding="utf-8")
    labels = json.loads(path.read_text(encoding="utf-8"))["labels"]
    return {key: text for key, text in labels.items() if key not in SHOP}


SAFE = [
    ("template-newline", "BACKEND_SERVER_OPTIONS", SERVER, f"{SERVER}\n"),
    ("template-newline", "BACKEND_SERVER_OPTIONS", f"{SERVER}\\n", f"{SERVER}\n"),
    ("template-newline", "BACKEND_HEAD", f"{HEAD}  mode {{mode}}".replace("\n", "\\n"), f"{HEAD}  mode {{mode}}\n"),
    ("template-newline", "FRONTEND_BACKEND_GLUE", "use_backend {backend}\n # end", "use_backend {backend}\n # end\n"),
    (
        "template-braces",
        "BACKEND_HEAD",
        f"{HEAD}  mode http\n  http-request deny if {{ src 10.0.0.1 }} !{{{{ ssl_fc }}}} }}\n",
        f"{HEAD}  mode http\n  http-request deny if {{{{ src 10.0.0.1 }}}} !{{{{ ssl_fc }}}} }}}}\n",
    ),
    (
        "template-braces",
        "BACKEND_HTTP_OPTIONS",
        "  http-request deny if {{ src 10.0.0.1 }} !{{ ssl_fc }}\n",
        "  http-request deny if { src 10.0.0.1 } !{ ssl_fc }\n",
    ),
    ("template-drops", "BACKEND_HEAD", "\n# ours\nbackend {backend}\n", "\n# ours\nbackend {backend}\n  mode {mode}\n"),
    ("template-drops", "BACKEND_HEAD", HEAD, "backend {backend}\n  mode {mode}\n  balance {balance}\n"),
    ("regex-unescaped", "HTTP_BACKEND_PROXYPASS_PATH", "/wiki(old", "/wiki\\(old"),
]


@pytest.mark.parametrize(("rule", "name", "before", "after"), SAFE)
def test_nobody_can_have_meant_what_a_safe_fix_mends(
    tmp_path: Path, rule: str, name: str, before: str, after: str
) -> None:
    label = f"HAPROXY_0_{name}"
    assert mended(tmp_path, rule, {label: before}, unsafe=False) == {label: after}


UNSAFE = [
    ("template-newline", "BACKEND_HTTP_OPTIONS", "  a\\n  b\n  c\n", "  a\n  b\n  c\n"),
    ("template-drops", "BACKEND_SERVER_OPTIONS", f"{SERVER}\n", f"{SERVER}{{healthCheckOptions}}\n"),
    (
        "template-placeholder",
        "BACKEND_SERVER_OPTIONS",
        "  server {servername} {hostipv4}:{port}\n",
        "  server {serverName} {host_ipv4}:{port}\n",
    ),
    ("env-expansion", "AUTH", "${HOME}:joe:$6$s$x", "\\${HOME}:joe:$6$s$x"),
    (
        "env-expansion",
        "BACKEND_HTTP_OPTIONS",
        '  http-request set-header X "$HOME"\n',
        '  http-request set-header X "\\$HOME"\n',
    ),
    ("regex-unescaped", "HTTP_BACKEND_PROXYPASS_PATH", "/c++/v1.0", "/c\\+\\+/v1\\.0"),
    ("regex-unescaped", "HTTP_BACKEND_PROXYPASS_PATH", "/(a|b)", "/\\(a\\|b\\)"),
]


@pytest.mark.parametrize(("rule", "name", "before", "after"), UNSAFE)
def test_what_may_be_meant_is_left_to_who_asks_for_it(
    tmp_path: Path, rule: str, name: str, before: str, after: str
) -> None:
    label = f"HAPROXY_0_{name}"
    assert mended(tmp_path, rule, {label: before}, unsafe=False) == {label: before}
    assert mended(tmp_path, rule, {label: before}, unsafe=True) == {label: after}


def test_the_other_half_of_a_hidden_frontend_is_emptied(tmp_path: Path) -> None:
    head, glue = "HAPROXY_0_FRONTEND_HEAD", "HAPROXY_0_FRONTEND_BACKEND_GLUE"

    assert mended(tmp_path, "template-empty-half", {head: ""}, unsafe=False) == {head: "", glue: ""}
    assert mended(tmp_path, "template-empty-half", {head: "", glue: "  x\n"}, unsafe=False) == {head: "", glue: "  x\n"}
    assert mended(tmp_path, "template-empty-half", {head: "", glue: "  x\n"}, unsafe=True) == {head: "", glue: ""}


def test_a_label_gets_the_name_of_the_template_in_use(tmp_path: Path) -> None:
    path, rule = {"HAPROXY_0_PATH": "/x"}, "  use_backend {backend} if host_{cleanedUpHostname}\n"
    plain, with_path = "HAPROXY_0_HTTP_FRONTEND_ACL", "HAPROXY_0_HTTP_FRONTEND_ACL_WITH_PATH"

    assert mended(tmp_path, "template-unused", path | {plain: rule}, unsafe=True) == path | {with_path: rule}
    both = path | {plain: rule, with_path: rule}
    assert mended(tmp_path, "template-unused", both, unsafe=True) == both


def test_an_app_is_kept_off_the_port_for_app_ids(tmp_path: Path) -> None:
    labels = {"HAPROXY_0_SSL_CERT": "/etc/ssl/a.pem"}

    assert mended(tmp_path, "clear-text-door", labels, unsafe=False) == labels
    assert mended(tmp_path, "clear-text-door", labels, unsafe=True) == labels | {
        "HAPROXY_0_HTTP_FRONTEND_APPID_ACL": ""
    }


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        ("template-braces", "BACKEND_HEAD", f"{HEAD}  mode http\n  http-request deny if {{ src 10.0.0.1 }}\n"),
        ("template-newline", "BACKEND_HEAD", f"{HEAD}  mode http\n".replace("\n", "\\n")),
        ("regex-unescaped", "HTTP_BACKEND_PROXYPASS_PATH", "/wiki(old"),
    ],
)
def test_an_app_that_is_left_out_is_served_once_it_is_mended(tmp_path: Path, rule: str, name: str, text: str) -> None:
    labels = {f"HAPROXY_0_{name}": text}

    assert served(labels) is False
    assert served(mended(tmp_path, rule, labels, unsafe=False)) is True


def served(labels: dict[str, str]) -> bool:
    """Whether the portable dialect writes the app with these labels."""
    made = generate(app("/shop", SHOP | labels), dialect="portable")
    return made.rendered is not None and made.left_out == 0
