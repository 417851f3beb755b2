"""Tasks that share a group, a port or a pool: what they agree on, and what is said where they do not."""

from __future__ import annotations

from lbgen.finding import Severity
from tests.edgelb.labelled import app, labelled, pool_of, pools_of, said


def test_tasks_of_one_group_are_services_of_one_backend() -> None:
    blue, green = (app(name, shop_frontend_rules="hostEq:shop.org") for name in ("/blue", "/green"))
    (backend,) = pool_of(green, blue)["haproxy"]["backends"]

    assert [service["marathon"]["serviceID"] for service in backend["services"]] == ["/blue", "/green"]


def test_apps_without_a_group_share_one_backend_by_accident() -> None:
    made = pools_of(app("/a"), app("/b"))

    (finding,) = made.findings
    assert (finding.rule, finding.app) == ("default-group-shared", "/b")
    assert finding.related[0].app == "/a"
    assert "edgelb.b.frontend.rules" in finding.help


def test_labels_of_one_group_that_disagree_are_named_with_the_other_app() -> None:
    made = pools_of(app("/a", g_backend_balance="first"), app("/b", g_backend_balance="source"))

    (finding,) = made.findings
    assert finding.rule == "group-disagrees"
    assert finding.message == (
        'edgelb.g.backend.balance is "source", and "first" in /a of the same group: the first one counts'
    )
    assert finding.related[0].app == "/a"
    assert made.pools[0].value["haproxy"]["backends"][0]["balance"] == "first"


def test_a_group_on_two_ports_has_two_frontends() -> None:
    made = pools_of(app("/a", g_frontend_port="81"), app("/b", g_frontend_port="82"))

    assert [rule for rule, _ in said(made)] == ["group-disagrees"]
    assert [frontend["bindPort"] for frontend in made.pools[0].value["haproxy"]["frontends"]] == [81, 82]
    (backend,) = made.pools[0].value["haproxy"]["backends"]
    assert len(backend["services"]) == 2


def test_a_port_has_one_protocol_and_the_first_app_has_chosen_it() -> None:
    made = pools_of(
        app("/a", a_frontend_port="8080"),
        app("/b", b_frontend_port="8080", b_frontend_protocol="TCP"),
    )

    (finding,) = made.findings
    assert (finding.rule, finding.severity, finding.app) == ("port-taken", Severity.ERROR, "/b")
    assert "group a of /a has it as HTTP already" in finding.message
    assert [backend["name"] for backend in made.pools[0].value["haproxy"]["backends"]] == ["a"]


def test_a_tcp_port_is_one_groups_alone() -> None:
    labels = {"frontend_port": "9000", "frontend_protocol": "TCP"}
    made = pools_of(
        labelled({f"a_{key}": value for key, value in labels.items()}, "/a"),
        labelled({f"b_{key}": value for key, value in labels.items()}, "/b"),
    )

    assert said(made) == [("port-taken", "/b edgelb.b.frontend.port")]
    assert [ref.id for ref in made.left_out] == ["/b"]


def test_rules_have_no_effect_on_tcp() -> None:
    made = pools_of(app(g_frontend_port="9000", g_frontend_protocol="TCP", g_frontend_rules="hostEq:a.org"))

    assert said(made) == [("label-without-effect", "/web edgelb.g.frontend.rules")]
    assert "map" not in made.pools[0].value["haproxy"]["frontends"][0]["linkBackend"]


def test_https_needs_a_certificate_of_anybody_on_the_port() -> None:
    pool = pool_of(
        app("/a", a_frontend_protocol="HTTPS", a_frontend_rules="hostEq:a.org"),
        app("/b", b_frontend_certificates="$AUTOCERT", b_frontend_rules="hostEq:b.org"),
    )

    assert [backend["name"] for backend in pool["haproxy"]["backends"]] == ["a", "b"]


def test_the_same_rule_of_two_groups_leads_to_the_first_one() -> None:
    made = pools_of(app("/a", a_frontend_rules="hostEq:x.org"), app("/b", b_frontend_rules="hostEq:x.org"))

    (finding,) = made.findings
    assert (finding.rule, finding.app) == ("rule-never-applies", "/b")
    assert "group b never gets requests for hostEq:x.org on port 80: group a does" in finding.message


def test_a_redirect_is_everybodys_on_the_port() -> None:
    redirecting = app("/a", a_frontend_rules="hostEq:a.org", a_frontend_redirectToHttps="")
    made = pools_of(redirecting, app("/b", b_frontend_rules="hostEq:b.org"))

    (finding,) = made.findings
    assert (finding.rule, finding.app) == ("redirects-others", "/a")
    assert "redirects port 80 for group b too" in finding.message


def test_a_redirect_with_exceptions_for_the_others_is_fine() -> None:
    redirecting = app("/a", a_frontend_rules="hostEq:a.org", a_frontend_redirectToHttps="host:b.org")

    pool_of(redirecting, app("/b", b_frontend_rules="hostEq:b.org"))


def test_an_endpoint_makes_the_name_of_a_port_superfluous() -> None:
    made = pools_of(app(g_backend_portName="http", g_backend_endpoint="portName:http"))

    assert said(made) == [("label-without-effect", "/web edgelb.g.backend.portName")]
