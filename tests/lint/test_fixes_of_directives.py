"""Removed, misplaced and misspelled directives: what becomes of the label or the file, and which fixes are safe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.pipeline.fixing import lint_and_fix
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"directive-removed", "directive-unknown", "directive-wrong-section"}
OPTIONS = "HAPROXY_0_BACKEND_HTTP_OPTIONS"
ASKED = {
    "HAPROXY_GROUP": "external",
    "HAPROXY_0_VHOST": "a.example.com",
}
PATH = "HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH"
GLUE = "HAPROXY_0_HTTP_BACKEND_PROXYPASS_GLUE"


def fixed(path: Path, *, unsafe: bool = False, **options: Any) -> str:
    """The file after the fixes of these rules."""

    def linted() -> Any:
        found = lint([str(path)], Options(groups=(), **options))
        found.findings = [each for each in found.findings if each.rule in RULES]
        return found

    made = lint_and_fix(linted, unsafe=unsafe)
    assert not [each for each in made.linted.findings if each.rule not in RULES]
    return made.text(str(path))


def label(tmp_path: Path, name: str, text: str, *, unsafe: bool = False) -> str:
    """What becomes of a label."""
    app = {
        "id": "/shop",
        "labels": {**ASKED, **({PATH: "/p"} if name == GLUE else {}), name: text},
        "portDefinitions": [{"port": 10001}],
    }
    path = tmp_path / "app.json"
    path.write_text(json.dumps(app, indent=1))
    return str(json.loads(fixed(path, unsafe=unsafe))["labels"][name])


def config(tmp_path: Path, text: str, *, unsafe: bool = False, **options: Any) -> str:
    """What becomes of a haproxy.cfg."""
    path = tmp_path / "haproxy.cfg"
    path.write_text(text)
    return fixed(path, unsafe=unsafe, **options)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\trspadd X:\\ y # why\n", "\thttp-response add-header X y # why\n"),
        ("  rspadd\tX:\\ y", "  http-response add-header X y"),
        ("  reqadd 'X: \"y\"'\n\n", "  http-request add-header X '\"y\"'\n\n"),
        (
            "  reqirep ^([^\\ :]*)\\ /a/(.*)    \\1\\ /b/\\2\n  rspidel ^Server:\n",
            "  http-request replace-path (?i)^/a/(.*) '/b/\\1'\n  http-response del-header Server\n",
        ),
        (
            "\toption  httpchk GET /h HTTP/1.1\\r\\nHost:\\ www\n",
            "\toption httpchk\n\thttp-check send meth GET uri /h ver HTTP/1.1 hdr Host www\n",
        ),
        ("  reqpass ^Cookie:\n", "  reqpass ^Cookie:\n"),
        ("  rspadd X:\\ y if { path /a }\n", "  http-response add-header X y if { path /a }\n"),
    ],
)
def test_a_label_keeps_its_blanks_and_comments(tmp_path: Path, old: str, new: str) -> None:
    assert label(tmp_path, OPTIONS, old) == new


def test_the_blanks_of_a_template_are_kept_and_its_braces_doubled(tmp_path: Path) -> None:
    old = '  reqirep "^([^ :]*) {proxypath}/?(.*)" "\\1 /\\2"\n  reqideny ^X:\\ a\n'
    new = (
        "  http-request replace-path (?i)^{proxypath}/?(.*) '/\\1'\n"
        "  http-request deny if {{ req.fhdr(X) -m reg -i ^a }}\n"
    )
    assert label(tmp_path, GLUE, old) == old
    assert label(tmp_path, GLUE, old, unsafe=True) == new


def test_what_the_order_of_rules_may_change_is_unsafe(tmp_path: Path) -> None:
    old = "  rspadd X:\\ y\n  http-response del-header X\n"
    assert label(tmp_path, OPTIONS, old) == old
    assert label(tmp_path, OPTIONS, old, unsafe=True).startswith("  http-response add-header X y\n")


def test_a_file_is_mended_line_by_line(tmp_path: Path) -> None:
    old = "defaults\n\tclitimeout 5s\r\n  redispatch # a\nfrontend a\n  rspadd 'A: b'\t # c\n"
    new = "defaults\n\ttimeout client 5s\r\n  option redispatch # a\nfrontend a\n  http-response add-header A b\t # c\n"
    assert config(tmp_path, old) == new


def test_what_was_not_removed_yet_stays(tmp_path: Path) -> None:
    text = "global\n  nbproc 1\n"
    assert config(tmp_path, text, target="2.4") == text
    assert config(tmp_path, text, target="2.5") == "global\n"


def test_misspelled_and_misplaced_words_are_mended_if_that_is_wanted(tmp_path: Path) -> None:
    old = "backend a\n  no option htplog\n  timeout client 3s\n  server a 127.0.0.1:1 chek  # x\n"
    assert config(tmp_path, old) == old
    assert config(tmp_path, old, unsafe=True) == "backend a\n  server a 127.0.0.1:1 check  # x\n"
