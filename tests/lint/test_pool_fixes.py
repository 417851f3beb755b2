"""Fixes of pools: what the text becomes when a finding is mended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.fix import mend
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from tests.edgelb.pools import SERVICE, backend, frontend, pool

if TYPE_CHECKING:
    from pathlib import Path


def mended(path: Path, value: Any, rule: str, *, unsafe: bool = True) -> Any:
    """The pool with what the rule found mended."""
    file = path / "pool.json"
    file.write_text(json.dumps(value))
    linted = lint([str(file)], Options(groups=()))
    found = [finding for finding in linted.findings if finding.rule == rule]
    result = mend(found, linted.documents, unsafe=unsafe)
    assert not result.mistakes
    return json.loads(result.texts.get(str(file), json.dumps(value)))


def routed(**conditions: str) -> dict[str, Any]:
    return pool(frontends=[frontend(linkBackend={"map": [{"backend": "web", **conditions}]})])


def rule_of(value: Any) -> Any:
    return value["haproxy"]["frontends"][0]["linkBackend"]["map"][0]


@pytest.mark.parametrize(
    ("rule", "conditions", "after"),
    [
        ("star-in-host", {"hostEq": "*.a.org"}, {"hostReg": r"^.*\.a\.org(:[0-9]+)?$"}),
        ("star-in-host", {"hostEq": "*.a.org", "hostReg": "^b$"}, {"hostEq": "*.a.org", "hostReg": "^b$"}),
        ("bad-pattern", {"hostReg": "*.a.org"}, {"hostReg": r"^.*\.a\.org(:[0-9]+)?$"}),
        ("bad-pattern", {"pathReg": "*.php"}, {"pathReg": r"^.*\.php$"}),
        ("bad-pattern", {"pathReg": "*.(php|html)"}, {"pathReg": "*.(php|html)"}),
        ("glob-in-pattern", {"pathReg": "^/api/*"}, {"pathReg": "^/api/.*"}),
        ("rule-never-matches", {"hostEq": "https://a.org/"}, {"hostEq": "a.org"}),
        ("rule-never-matches", {"hostEq": "bücher.example"}, {"hostEq": "xn--bcher-kva.example"}),
        ("rule-never-matches", {"hostEq": "a.org/b"}, {"hostEq": "a.org/b"}),
        ("rule-never-matches", {"pathBeg": "/a?b=c"}, {"pathBeg": "/a"}),
        ("rule-never-matches", {"pathBeg": "/a/*"}, {"pathBeg": "/a/"}),
        ("rule-never-matches", {"pathBeg": "/*/a"}, {"pathBeg": "/*/a"}),
        ("rule-never-matches", {"pathReg": "^api/"}, {"pathReg": "^/api/"}),
    ],
)
def test_conditions(tmp_path: Path, rule: str, conditions: dict[str, str], after: dict[str, str]) -> None:
    assert rule_of(mended(tmp_path, routed(**conditions), rule)) == {"backend": "web", **after}


def test_only_what_nobody_can_have_meant_is_safe(tmp_path: Path) -> None:
    scheme, query = routed(hostEq="https://a.org"), routed(pathBeg="/a?b")
    assert rule_of(mended(tmp_path, scheme, "rule-never-matches", unsafe=False))["hostEq"] == "a.org"
    assert mended(tmp_path, query, "rule-never-matches", unsafe=False) == query


def test_a_selector_that_is_a_glob(tmp_path: Path) -> None:
    service = {**SERVICE, "marathon": {"serviceIDPattern": "^/broker-*$"}}
    after = mended(tmp_path, pool(backends=[backend(services=[service])]), "glob-in-pattern")
    assert after["haproxy"]["backends"][0]["services"][0]["marathon"] == {"serviceIDPattern": "^/broker-.*$"}


def test_a_key_that_is_nearly_right_gets_its_name(tmp_path: Path) -> None:
    after = mended(tmp_path, pool(frontends=[frontend(bindAdress="10.0.0.1")]), "unknown-key")
    assert after["haproxy"]["frontends"] == [frontend(bindAddress="10.0.0.1")]


def test_a_name_that_is_taken_is_not_given(tmp_path: Path) -> None:
    value = pool(frontends=[frontend(bindport=81)])
    assert mended(tmp_path, value, "unknown-key") == value


def test_items_of_a_redirect_are_its_exceptions(tmp_path: Path) -> None:
    after = mended(tmp_path, pool(frontends=[frontend(redirectToHttps={"items": [{"pathBeg": "/a"}]})]), "unknown-key")
    assert after["haproxy"]["frontends"][0]["redirectToHttps"] == {"except": [{"pathBeg": "/a"}]}


def test_what_should_not_be_there_goes(tmp_path: Path) -> None:
    value = pool(packageVersion="v1", backends=[backend(rewriteHttp=None)])
    assert mended(tmp_path, value, "package-version") == pool(backends=[backend(rewriteHttp=None)])
    assert mended(tmp_path, value, "null-value") == pool(packageVersion="v1")


def test_a_version_that_is_missing_is_the_one_that_it_was_read_as(tmp_path: Path) -> None:
    value = pool()
    del value["apiVersion"]
    assert mended(tmp_path, value, "no-api-version") == pool()


def test_the_only_port_of_the_app_is_the_one_that_is_meant(tmp_path: Path) -> None:
    app = {"id": "/web", "portDefinitions": [{"port": 10001, "name": "http"}]}
    (tmp_path / "app.json").write_text(json.dumps(app))
    (tmp_path / "pool.json").write_text(json.dumps(pool()))
    linted = lint([str(tmp_path)], Options(groups=()))
    found = [finding for finding in linted.findings if finding.rule == "no-such-port"]
    result = mend(found, linted.documents, unsafe=True)
    service = json.loads(result.texts[str(tmp_path / "pool.json")])["haproxy"]["backends"][0]["services"][0]
    assert service["endpoint"] == {"portName": "http"}
