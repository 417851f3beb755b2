"""`--haproxy-map`: map files in place of rules, and what stays a rule."""

from __future__ import annotations

from typing import Any

from tests.fleets import APP_IDS, HTTP, HTTPS, about, app, generate, rules

ASK_80 = "use_backend %[req.hdr(host),lower,regsub(:.*$,,),map(/etc/haproxy/domain2backend.map)]"
ASK_443 = "use_backend %[ssl_fc_sni,lower,map(/etc/haproxy/domain2backend.map)]"
ASK_9091 = "use_backend %[req.hdr(x-marathon-app-id),lower,map(/etc/haproxy/app2backend.map)]"
FLEET = [
    app("/a", {"VHOST": "a.x", "BACKEND_WEIGHT": "7"}, 10001),
    app("/b", {"VHOST": "b.x,c.x"}, 10002),
    app("/c", {"VHOST": "d.x", "REDIRECT_TO_HTTPS": "true"}, 10003),
    app("/d", {"VHOST": "e.x", "PATH": "/p"}, 10004),
    app("/e", {"VHOST": "f.x", "PATH": "/p", "BACKEND_WEIGHT": "-2"}, 10005),
]


def maps(*apps: Any, **options: Any) -> dict[str, list[str]]:
    rendered = generate(*apps, haproxy_map=True, **options).rendered
    assert rendered is not None
    return {name: text.splitlines() for name, text in rendered.maps.items()}


def test_plain_vhosts_share_one_rule_in_the_middle() -> None:
    assert rules(HTTP, *FLEET, haproxy_map=True) == [
        "acl host_e_x_d hdr(host) -i e.x",
        "acl path_d_10004 path_beg /p",
        "use_backend d_10004 if host_e_x_d path_d_10004",
        "acl host_d_x_c hdr(host) -i d.x",
        "use_backend c_10003 if host_d_x_c",
        "redirect scheme https code 301 if !{ ssl_fc } host_d_x_c",
        ASK_80,
        "acl host_f_x_e hdr(host) -i f.x",
        "acl path_e_10005 path_beg /p",
        "use_backend e_10005 if host_f_x_e path_e_10005",
    ]
    assert rules(HTTPS, *FLEET, haproxy_map=True) == [
        "acl path_d_10004 path_beg /p",
        "use_backend d_10004 if { ssl_fc_sni e.x } path_d_10004",
        ASK_443,
        "acl path_e_10005 path_beg /p",
        "use_backend e_10005 if { ssl_fc_sni f.x } path_e_10005",
    ]
    assert rules(APP_IDS, *FLEET, haproxy_map=True) == [ASK_9091]


def test_files_hold_vhosts_and_apps() -> None:
    assert maps(*FLEET) == {
        "domain2backend.map": ["a.x a_10001", "b.x b_10002", "c.x b_10002", "d.x c_10003"],
        "app2backend.map": ["/a a_10001", "/b b_10002", "/c c_10003", "/d d_10004", "/e e_10005"],
    }


def test_exact_repetitions_are_written_once_and_other_backends_again() -> None:
    labels = {"HAPROXY_0_VHOST": "a.x,a.x", "HAPROXY_1_VHOST": "a.x"}
    assert maps(app("/a", labels, 10001, 10002))["domain2backend.map"] == ["a.x a_10001", "a.x a_10002"]


def test_the_path_follows_the_configuration() -> None:
    made = rules(APP_IDS, FLEET[0], haproxy_map=True, haproxy_config="/marathon-lb/haproxy.cfg")
    assert made == ["use_backend %[req.hdr(x-marathon-app-id),lower,map(/marathon-lb/app2backend.map)]"]


def test_without_the_option_there_are_no_files() -> None:
    rendered = generate(*FLEET).rendered
    assert rendered is not None
    assert rendered.maps == {}


class TestLabels:
    """Labels of the plain rules replace the map's."""

    OWN = app("/a", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": "  # A {haproxy_dir}\n  acl a hdr(host) -i {haproxy_dir}\n"})
    USUAL = app("/b", {"VHOST": "b.x", "HTTP_FRONTEND_ACL": "  acl b hdr(host) -i {haproxy_dir}\n"}, 10002)

    def test_of_the_first_service_count_for_all(self) -> None:
        assert rules(HTTP, self.OWN, self.USUAL, haproxy_map=True) == ["acl a hdr(host) -i /etc/haproxy"]
        assert rules(HTTPS, self.OWN, self.USUAL, haproxy_map=True) == [ASK_443]

    def test_with_other_placeholders_leave_the_app_out(self) -> None:
        bad = app("/a", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": "  acl x hdr_end(host) -i {hostname}\n"})
        result = generate(bad, self.USUAL, haproxy_map=True)
        (message,) = about(result, "bad-template")
        assert message == (
            "HAPROXY_0_HTTP_FRONTEND_ACL the template MAP_HTTP_FRONTEND_ACL has no placeholder {hostname} here;"
            " there are: {haproxy_dir}"
        )
        assert [service.app.id for service in result.services] == ["/b"]

    def test_make_rules_of_their_own_in_the_portable_dialect(self) -> None:
        rule = "  acl x hdr_end(host) -i {hostname}\n  use_backend {backend} if x\n"
        own = app("/a", {"VHOST": "a.x", "HTTP_FRONTEND_ACL": rule})
        portable = {"haproxy_map": True, "dialect": "portable"}
        made = rules(HTTP, own, app("/b", {"VHOST": "b.x"}, 10002), **portable)
        assert made[:2] == ["acl x hdr_end(host) -i a.x", "use_backend a_10001 if x"]
        assert about(generate(own, **portable), "kept-out-of-map")
        assert maps(own, dialect="portable")["domain2backend.map"] == ["a.x a_10001"]


class TestPortable:
    def test_reaches_the_rules_behind_the_map(self) -> None:
        result = generate(*FLEET, haproxy_map=True, dialect="portable")
        assert [each.app for each in result.findings if each.rule == "behind-the-map"] == ["/e"]
        made = rules(HTTP, *FLEET, haproxy_map=True, dialect="portable")
        assert made[-1] == "use_backend e_10005 if host_f_x_e path_e_10005"
        assert made[-2].startswith("use_backend %[req.hdr(host)")
        assert " if " in made[-2]

    def test_writes_ids_as_the_rule_asks_for_them(self) -> None:
        upper = app("/Team/A", {"VHOST": "a.x"})
        assert maps(upper)["app2backend.map"] == ["/Team/A Team_A_10001"]
        assert maps(upper, dialect="portable")["app2backend.map"] == ["/team/a Team_A_10001"]

    def test_does_without_the_map_where_443_is_grouped(self) -> None:
        made = rules("frontend a_x_in", *FLEET, haproxy_map=True, group_https_by_vhost=True, dialect="portable")
        assert made[-1] == "use_backend a_10001 if { ssl_fc_sni a.x }"


def test_grouped_by_vhost_only_the_first_service_is_asked_for() -> None:
    own = app("/c", {"VHOST": "c.x", "SSL_CERT": "/etc/ssl/c.pem"}, 10003)
    fleet = [app("/a", {"VHOST": "a.x"}), app("/b", {"VHOST": "b.x"}, 10002), own]
    options = {"haproxy_map": True, "group_https_by_vhost": True}
    assert rules(HTTPS, *fleet, **options)[2:] == [
        "use_backend a_x if { req_ssl_sni -i a.x }",
        "use_backend c_x if { req_ssl_sni -i c.x }",
    ]
    assert rules("frontend a_x", *fleet, **options) == [ASK_443]
    assert rules("frontend c_x", *fleet, **options) == []


def test_grouped_by_vhost_the_portable_one_answers_on_443_for_whom_the_map_would() -> None:
    heavier = app("/b", {"VHOST": "a.x", "BACKEND_WEIGHT": "5"}, 10002)
    options = {"haproxy_map": True, "group_https_by_vhost": True, "dialect": "portable"}
    assert rules("frontend a_x_in", FLEET[0], heavier, **options) == [
        "use_backend a_10001 if { ssl_fc_sni a.x }",
        "use_backend b_10002 if { ssl_fc_sni a.x }",
    ]
