"""Labels that cannot be what they are: each is named with its app, the label, and the characters at fault."""

from __future__ import annotations

import pytest

from lbgen.finding import Severity
from tests.edgelb.labelled import app, labelled, pools_of, said, where


@pytest.mark.parametrize(
    ("label", "value", "rule", "narrowed", "words"),
    [
        ("frontend_port", "http", "bad-label-value", "0-4", "should be a port, 0 to 65535"),
        ("frontend_port", "65536", "bad-label-value", "0-5", "should be a port"),
        ("frontend_port", "-1", "bad-label-value", "0-2", "should be a port"),
        ("frontend_protocol", "https", "bad-label-value", "0-5", 'is "https"'),
        ("frontend_certificates", "", "bad-label-value", "", "names no certificate"),
        ("frontend_certificates", "one,,two", "bad-label-value", "4-4", "has an empty item"),
        ("frontend_certificates", "$SECRETS/one", "bad-label-value", "0-12", "not how a secret is named"),
        ("frontend_certificates", "good,/etc/ssl cert.pem", "bad-label-value", "5-22", "no secret can be called"),
        ("frontend_rules", "", "bad-label-value", "", "has no rule"),
        ("frontend_rules", "hostEq", "bad-label-value", "0-6", 'a part without ":"'),
        ("frontend_rules", "hostEq:a.org|path:/x", "bad-label-value", "13-17", 'unknown key "path"'),
        ("frontend_rules", "hostEq:a.org|pathBeg:", "bad-label-value", "13-20", 'no value for "pathBeg"'),
        ("frontend_rules", "hostEq:a.org } { path /", "bad-label-value", "7-23", "has a blank"),
        ("frontend_rules", "pathBeg:-f", "bad-label-value", "8-10", "HAProxy would not take for a value"),
        ("frontend_rules", 'pathReg:^/"x', "bad-label-value", "8-12", "unmatched quote"),
        ("frontend_rules", "pathBeg:/a\nbackend x", "bad-label-value", "8-20", "line"),
        ("frontend_redirectToHttps", "hostEq:a.org", "bad-label-value", "0-6", 'unknown key "hostEq"'),
        ("backend_balance", "", "bad-label-value", "", "is empty"),
        ("backend_balance", "roundrobin\nserver x", "bad-label-value", "0-19", "line"),
        ("backend_protocol", "UDP", "bad-label-value", "0-3", "should be a protocol"),
        ("backend_portName", "", "bad-label-value", "", "names no port"),
        ("backend_rewriteHttp_path", "/a", "bad-label-value", "0-2", 'a part without ":"'),
        ("backend_rewriteHttp_path", "/a:/b|/c:/d", "bad-label-value", "6-11", "should be one pair"),
        ("backend_rewriteHttp_path", "/a:b", "bad-label-value", "3-4", "does not begin with a slash"),
        ("backend_rewriteHttp_sticky", "cookie x # y", "bad-label-value", "0-12", "comment"),
        ("backend_endpoint", "type:ADDRESS|address:x", "bad-label-value", "", "no port"),
        ("backend_endpoint", "type:ADDRESS|port:80", "bad-label-value", "", "no address"),
        ("backend_endpoint", "address:x|port:80", "bad-label-value", "8-9", "for the type ADDRESS alone"),
        ("backend_endpoint", "type:AGENT_IP", "bad-label-value", "", "names no port"),
        ("backend_endpoint", "port:80|check:false", "bad-label-value", "8-13", 'unknown key "check"'),
        ("backend_endpoint", "allPorts:yes", "bad-label-value", "9-12", "true or false"),
        ("backend_endpoint", "type:ADDRESS|address:a b|port:1", "bad-label-value", "21-24", "host name or an address"),
    ],
)
def test_a_bad_value_costs_its_group_and_is_pointed_at(
    label: str, value: str, rule: str, narrowed: str, words: str
) -> None:
    made = pools_of(labelled({f"g_{label}": value}, "/bad"), app("/good", other_frontend_port="81"))

    (finding,) = made.findings
    assert (finding.rule, finding.severity) == (rule, Severity.ERROR)
    assert where(finding) == f"/bad edgelb.g.{label.replace('_', '.')} {narrowed}".rstrip()
    assert words in finding.message
    assert [ref.id for ref in made.left_out] == ["/bad"]
    assert [backend["name"] for backend in made.pools[0].value["haproxy"]["backends"]] == ["other"]


def test_every_bad_value_of_an_app_is_named_at_once() -> None:
    made = pools_of(app(g_frontend_port="x", g_backend_protocol="y", h_frontend_protocol="z"))

    assert [place for _, place in said(made)] == [
        "/web edgelb.g.frontend.port 0-1",
        "/web edgelb.g.backend.protocol 0-1",
        "/web edgelb.h.frontend.protocol 0-1",
    ]


def test_a_bad_group_leaves_the_others_of_the_app_alone() -> None:
    made = pools_of(app(bad_frontend_port="x", good_frontend_port="81"))

    assert [backend["name"] for backend in made.pools[0].value["haproxy"]["backends"]] == ["good"]
    assert [ref.id for ref in made.left_out] == ["/web"]


@pytest.mark.parametrize(
    ("labels", "rule", "words"),
    [
        ({"g_frontend_protocol": "TCP"}, "label-missing", "group g is TCP and has no port"),
        ({"g_frontend_protocol": "HTTPS"}, "label-missing", "nobody names a certificate"),
        (
            {"g_frontend_protocol": "HTTP", "g_frontend_certificates": "$AUTOCERT"},
            "label-clash",
            "goes with HTTPS and TLS alone",
        ),
        (
            {"g_frontend_redirectToHttps": "", "g_frontend_certificates": "$AUTOCERT"},
            "label-clash",
            "goes with HTTP alone",
        ),
        ({"g_backend_protocol": "TCP"}, "label-clash", "HAProxy takes no such backend"),
        (
            {
                "g_frontend_protocol": "TLS",
                "g_frontend_port": "443",
                "g_frontend_certificates": "$AUTOCERT",
                "g_frontend_rules": "hostEq:a.org|pathBeg:/x",
            },
            "label-clash",
            "there are no paths in TLS",
        ),
    ],
)
def test_labels_that_do_not_go_together(labels: dict[str, str], rule: str, words: str) -> None:
    made = pools_of(labelled(labels))

    (finding,) = made.findings
    assert finding.rule == rule
    assert words in finding.message
    assert made.pools == []


@pytest.mark.parametrize(
    ("label", "help_"),
    [
        ("edgelb.web.frontend.rule", "did you mean edgelb.web.frontend.rules?"),
        ("edgelb.web.backend.portname", "did you mean edgelb.web.backend.portName?"),
        ("edgelb.web.port", "did you mean edgelb.web.frontend.port?"),
        ("edgelb.frontend.port", "it lacks a group: edgelb.NAME.frontend.port"),
        ("edgelb.web.shop.frontend.port", "a group's name has no dot"),
        ("edgelb.Expose", "did you mean edgelb.expose?"),
        ("edgelb.tempalte", "did you mean edgelb.template?"),
        ("edge-lb.expose", "did you mean edgelb.expose?"),
    ],
)
def test_an_unknown_label_comes_with_what_may_have_been_meant(label: str, help_: str) -> None:
    task = app()
    task["labels"][label] = "x"

    finding = next(finding for finding in pools_of(task).findings if finding.rule == "label-unknown")
    assert finding.severity is Severity.WARNING
    assert finding.label == label
    assert finding.help == help_


@pytest.mark.parametrize("group", ["a b", "a/b", 'a"b', "expose", "delimiter", "", "straße", "a\nb"])
def test_a_group_that_no_backend_can_be_called_is_refused(group: str) -> None:
    task = app()
    task["labels"][f"edgelb.{group}.frontend.port"] = "81"
    made = pools_of(task)

    assert [finding.severity for finding in made.findings] == [Severity.ERROR]
    assert made.pools == []


@pytest.mark.parametrize("template", ["", "Dobby", "a", "-a", "a-", "a_b", "a/b", "a\nb"])
def test_a_template_whose_pool_could_not_be_called_after_it_is_refused(template: str) -> None:
    made = pools_of(app(template=template))

    (finding,) = made.findings
    assert where(finding) == "/web edgelb.template"
    assert made.pools == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("delimiter", "", "is empty"),
        ("delimiter", "|", "separated by already"),
        ("item_delimiter", ":", "separated by already"),
        ("key_delimiter", ",", "separated by already"),
    ],
)
def test_delimiters_have_to_be_different(name: str, value: str, words: str) -> None:
    task = app(g_frontend_rules="hostEq:a.org")
    task["labels"][f"edgelb.{name}"] = value

    (finding,) = pools_of(task).findings
    assert words in finding.message


def test_an_app_that_is_not_exposed_is_not_served_and_says_so() -> None:
    shy = app("/shy", g_frontend_port="81")
    del shy["labels"]["edgelb.expose"]
    made = pools_of(shy, app("/no", expose="false"), app("/odd", expose="yes"), app("/good"))

    assert [(finding.app, finding.severity) for finding in made.findings] == [
        ("/no", Severity.INFO),
        ("/odd", Severity.WARNING),
        ("/shy", Severity.INFO),
    ]
    assert made.left_out == []


def test_where_nobody_is_exposed_there_is_no_pool() -> None:
    made = pools_of({"id": "/a", "labels": {}})

    (finding,) = made.findings
    assert finding.rule == "nobody-exposed"
    assert made.pools == []


def test_blanks_around_parts_are_dropped_and_named() -> None:
    made = pools_of(app(g_frontend_rules="hostEq:a.org, hostEq:b.org"))

    (finding,) = made.findings
    assert (finding.rule, where(finding)) == ("label-blanks", "/web edgelb.g.frontend.rules 13-26")
    rules = made.pools[0].value["haproxy"]["frontends"][0]["linkBackend"]["map"]
    assert [rule["hostEq"] for rule in rules] == ["a.org", "b.org"]


def test_a_key_that_stands_twice_counts_once() -> None:
    made = pools_of(app(g_frontend_rules="hostEq:a.org|hostEq:b.org"))

    assert said(made) == [("label-key-twice", "/web edgelb.g.frontend.rules 13-19")]
    assert made.pools[0].value["haproxy"]["frontends"][0]["linkBackend"]["map"][0]["hostEq"] == "b.org"


def test_a_port_that_does_not_exist_answers_nobody() -> None:
    made = pools_of(app(ports=("http", "admin"), g_backend_portName="admim"))

    (finding,) = made.findings
    assert (finding.rule, finding.severity) == ("no-such-port", Severity.WARNING)
    assert finding.help == "did you mean admin?"
    assert made.pools[0].value["haproxy"]["backends"][0]["services"][0]["endpoint"] == {"portName": "admim"}


def test_the_one_port_of_a_task_needs_no_name_but_had_better_have_one() -> None:
    made = pools_of(app(ports=(None,)))

    assert said(made) == [("unnamed-port", "/web edgelb.expose")]
    assert made.pools[0].value["haproxy"]["backends"][0]["services"][0]["endpoint"] == {"allPorts": True}


@pytest.mark.parametrize(("ports", "rule"), [((None, "admin"), "unnamed-port"), ((), "task-without-port")])
def test_a_task_without_a_port_to_choose_is_left_out(ports: tuple[str | None, ...], rule: str) -> None:
    made = pools_of(app(ports=ports))

    assert said(made) == [(rule, "/web edgelb.expose")]
    assert [ref.id for ref in made.left_out] == ["/web"]


def test_a_secret_with_a_slash_becomes_another_file() -> None:
    made = pools_of(app(g_frontend_certificates="/team/shop.cert"))

    assert said(made) == [("secret-renamed", "/web edgelb.g.frontend.certificates 0-15")]
    assert made.pools[0].value["secrets"] == [{"secret": "/team/shop.cert", "file": "team_shop_cert"}]
    assert made.pools[0].value["haproxy"]["frontends"][0]["certificates"] == ["$SECRETS/team_shop_cert"]


def test_two_secrets_cannot_be_one_file() -> None:
    made = pools_of(
        app("/a", a_frontend_certificates="team/cert"),
        app("/b", b_frontend_certificates="team_cert"),
    )

    finding = next(finding for finding in made.findings if finding.severity is Severity.ERROR)
    assert (finding.rule, finding.app) == ("secret-twice", "/b")
    assert [ref.id for ref in made.left_out] == ["/b"]


def test_what_edge_lb_would_refuse_of_the_pool_is_said_of_the_label() -> None:
    made = pools_of(app(g_backend_rewriteHttp_sticky="backend evil", g_frontend_port="81"), app("/b", template="dobby"))

    finding = next(finding for finding in made.findings if finding.severity is Severity.ERROR)
    assert finding.label == "edgelb.g.backend.rewriteHttp.sticky"
    assert [pool.name for pool in made.pools] == ["auto-dobby"]
    assert [ref.id for ref in made.left_out] == ["/web"]
