"""Rules on ports: both owners are named, and what is said does not depend on the order of things."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.finding import Severity
from lbgen.lint.fix import mend
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.finding import Finding

FAMILY = "LBG2"


def app(name: str, *ports: int, group: str = "external", **labels: str) -> dict[str, Any]:
    """An app that is yet to be deployed; `P0_X` is its label HAPROXY_0_X."""
    given = {f"HAPROXY_{key[1:]}": value for key, value in labels.items()}
    definitions = [{"port": port} for port in ports]
    return {"id": name, "labels": {"HAPROXY_GROUP": group, **given}, "portDefinitions": definitions}


def found(tmp_path: Path, value: Any, **options: Any) -> list[Finding]:
    """What is said of ports."""
    path = tmp_path / "apps.json"
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    findings = lint([str(path)], Options(**{"groups": (), **options})).findings
    return [each for each in findings if each.code.startswith(FAMILY) and each.severity > Severity.INFO]


def where(finding: Finding) -> tuple[str, list[str]]:
    """The pointers of a finding and of what it is related to."""
    assert finding.origin is not None
    return finding.origin.pointer, [origin.pointer for origin in finding.related]


def test_a_clash_leads_to_both_and_to_the_line(tmp_path: Path) -> None:
    (clash,) = found(tmp_path, [app("/b", 10002, P0_PORT="10001"), app("/a", 10001)])
    assert clash.rule == "port-clash"
    assert where(clash) == ("/0/labels/HAPROXY_0_PORT", ["/1/portDefinitions/0/port"])
    assert clash.config is not None
    assert clash.config.text.strip() == "bind *:10001"


def test_a_free_port_is_advice_and_given_to_one_only(tmp_path: Path) -> None:
    apps = [app("/a", 10001), *(app(f"/b{number}", 10000 + number, P0_PORT="10001") for number in range(2, 5))]
    # 10002 to 10004 are theirs: Marathon would give them to nobody else.
    assert [clash.help for clash in found(tmp_path, apps, service_ports=range(10000, 10006))] == [
        "choose another port: 10000 is free",
        "choose another port: 10005 is free",
        "choose another port",
    ]


def test_ports_of_suspended_apps_are_not_free(tmp_path: Path) -> None:
    suspended = app("/c", 10000) | {"instances": 0}
    (clash,) = found(tmp_path, [app("/a", 10001), app("/b", 10003, P0_PORT="10001"), suspended])
    assert clash.help == "choose another port: 10002 is free"


def test_a_vhost_is_the_better_advice_for_80(tmp_path: Path) -> None:
    (clash,) = found(tmp_path, app("/a", 10001, P0_PORT="80"))
    assert clash.help == "HAPROXY_n_VHOST shares port 80 with everybody; or choose another port: 10000 is free"


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
def test_both_dialects_have_it(tmp_path: Path, dialect: str) -> None:
    apps = [app("/a", 10001), app("/b", 10002, P0_PORT="10001"), app("/c", 10003, P0_PORT="9090")]
    said = [(each.rule, each.severity) for each in found(tmp_path, apps, dialect=dialect)]
    assert said == [("port-clash", Severity.ERROR), ("port-clash-reserved", Severity.ERROR)]


def test_a_clash_in_two_groups_is_told_once(tmp_path: Path) -> None:
    both = {"group": "external,internal"}
    apps = [app("/a", 10001, **both), app("/b", 10002, P0_PORT="10001", **both)]
    assert [where(each)[0] for each in found(tmp_path, apps)] == ["/1/labels/HAPROXY_0_PORT"]


def test_groups_clash_where_they_share_their_nodes(tmp_path: Path) -> None:
    apps = [app("/a", 10001), app("/b", 10001, group="internal")]
    assert found(tmp_path, apps) == []
    clashes = found(tmp_path, apps, shared_nodes=(("internal", "external"),))
    assert ("/1/portDefinitions/0/port", ["/0/portDefinitions/0/port"]) in [
        where(each) for each in clashes if each.origin is not None
    ]
    # The load balancers themselves would be there twice.
    own = [each.message.split(";")[0] for each in clashes if each.origin is None]
    assert "port 9090 is the load balancer's own (listen stats)" in own


def test_an_app_of_two_groups_clashes_with_itself_on_shared_nodes(tmp_path: Path) -> None:
    both = app("/a", 10001, group="external,internal")
    clashes = found(tmp_path, both, shared_nodes=(("internal", "external"),))
    own = [each for each in clashes if each.rule == "port-clash"]
    assert [each.message.split(";")[0] for each in own] == [
        "port 10001 is also claimed by /a in external (the service port at index 0)"
    ]


def test_a_service_of_another_group_clashes_there_alone(tmp_path: Path) -> None:
    inside = app("/b", 10002, group="internal", P0_PORT="10001", P0_GROUP="external")
    assert [where(each)[0] for each in found(tmp_path, [app("/a", 10001), inside])] == ["/1/labels/HAPROXY_0_PORT"]


def test_a_line_of_a_template_is_pointed_at(tmp_path: Path) -> None:
    head = "frontend {backend}\n  bind *:10009\n  bind 10.0.0.1:81,*:9090\n  mode {mode}\n"
    (clash,) = found(tmp_path, app("/a", 10001, P0_FRONTEND_HEAD=head))
    assert clash.origin is not None
    assert head[clash.origin.start : clash.origin.end] == "*:9090"


def test_the_operators_head_is_the_load_balancers_own(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    head = "global\ndefaults\n  mode http\nlisten admin\n  bind :8404\n"
    (templates / "HAPROXY_HEAD").write_text(head)
    apps = [app("/a", 10001, P0_PORT="8404"), app("/b", 10002, P0_PORT="9092")]
    (clash,) = found(tmp_path, apps, templates=templates)
    assert clash.message.startswith("port 8404 is the load balancer's own (listen admin)")
    (template,) = clash.related
    assert template.document.endswith("HAPROXY_HEAD")
    assert template.position is not None
    assert template.position.line == 5


def test_an_app_that_is_left_out_clashes_all_the_same(tmp_path: Path) -> None:
    apps = [app("/a", 10001), app("/b", 10002, P0_PORT="10001", P0_MODE="neither")]
    assert [where(each)[0] for each in found(tmp_path, apps)] == ["/1/labels/HAPROXY_0_PORT"]


def test_a_bad_port_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps([app("a", 70000), app("/b", 10001, P0_PORT="-5")]))
    findings = lint([str(path)], Options(groups=())).findings
    assert [each.rule for each in findings if each.severity is Severity.ERROR] == ["port-range", "port-range"]


def test_a_bad_address_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps(app("/a", 10001, P0_BIND_ADDR="*:80")))
    findings = lint([str(path)], Options(groups=())).findings
    assert [each.rule for each in findings if each.severity is Severity.ERROR] == ["bind-addr-invalid"]


@pytest.mark.parametrize(
    ("labels", "after"),
    [
        ({"P0_BIND_ADDR": "*:8083"}, {"HAPROXY_0_BIND_ADDR": "*", "HAPROXY_0_PORT": "8083"}),
        (
            {"P0_BIND_ADDR": "10.0.0.1:8083", "P0_PORT": "81"},
            {"HAPROXY_0_BIND_ADDR": "10.0.0.1", "HAPROXY_0_PORT": "8083"},
        ),
        ({"P0_BIND_ADDR": "127.0.0.1,127.0.0.2"}, {"HAPROXY_0_BIND_ADDR": "127.0.0.1:10001,127.0.0.2"}),
    ],
)
def test_what_unsafe_fixes_make_of_addresses(tmp_path: Path, labels: dict[str, str], after: dict[str, str]) -> None:
    path = tmp_path / "app.json"
    path.write_text(json.dumps(app("/a", 10001, **labels)))
    linted = lint([str(path)], Options(groups=()))
    bad = [each for each in linted.findings if each.rule == "bind-addr-invalid"]
    assert mend(bad, linted.documents).texts == {}
    made = mend(bad, linted.documents, unsafe=True)
    assert not made.mistakes
    assert json.loads(made.texts[str(path)])["labels"] == {"HAPROXY_GROUP": "external"} | after


def test_the_order_of_apps_is_no_matter(tmp_path: Path) -> None:
    chance = random.Random(1)
    ports = ["80", "10001", "10002", "10003", "9090", "10050", "0", "70000"]
    addresses = ["*", "10.0.0.1", "10.0.0.2", "::", "*:81,*", "*:8083"]
    apps = [
        app(f"/{number}", 10001 + number % 7, P0_PORT=chance.choice(ports), P0_BIND_ADDR=chance.choice(addresses))
        for number in range(40)
    ]
    said = []
    for _ in range(3):
        said.append(sorted((each.app or "", each.rule, each.message, each.help) for each in found(tmp_path, apps)))
        chance.shuffle(apps)
    assert said[0] == said[1] == said[2]
    assert len({rule for _, rule, *_ in said[0]}) >= 4


HOSTILE = ["", ",", ":", "*:", "-", "1" * 4000, "{}", "$A:$B", "[::", "unix@", "a b", "\u0000", "\ud800", "é", "*:1-"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_a_rule_fail(tmp_path: Path, text: str) -> None:
    wrong = app("/a", 10001, P0_PORT=text, P1_BIND_ADDR=text, P2_FRONTEND_HEAD=f"frontend {{backend}}\n bind {text}\n")
    wrong["portDefinitions"] += [{"port": 10**30, "protocol": [text]}, {"port": -1, "protocol": text}]
    path = tmp_path / "apps.json"
    path.write_text(json.dumps([wrong, app("/b", 10001)]))
    findings = lint([str(path)], Options(groups=(), listening=text)).findings
    assert [each for each in findings if each.rule == "internal-error"] == []
