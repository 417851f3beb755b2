"""What the portable dialect does otherwise: every deviation in the text, and in a finding that names it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.fleets import APP_IDS, CHECK, HTTP, HTTPS, about, app, generate, rules, section, sections, task, text

PORTABLE: dict[str, Any] = {"dialect": "portable"}


def rules_said(*apps: Any, **options: Any) -> list[str]:
    return sorted({each.rule for each in generate(*apps, **PORTABLE, **options).findings})


class TestAcls:
    """Two services whose lists of vhosts begin alike would share an ACL."""

    SHARED = app("/a", {"HAPROXY_0_VHOST": "a.x,b.x", "HAPROXY_1_VHOST": "a.x,admin.x"}, 10001, 10002)

    def test_of_two_lists_of_vhosts_are_two(self) -> None:
        assert rules(HTTP, self.SHARED, **PORTABLE) == [
            "acl host_a_x_a hdr(host) -i a.x",
            "acl host_a_x_a hdr(host) -i b.x",
            "acl host_a_x_a_10002 hdr(host) -i a.x",
            "acl host_a_x_a_10002 hdr(host) -i admin.x",
            "use_backend a_10001 if host_a_x_a",
            "use_backend a_10002 if host_a_x_a_10002",
        ]
        assert rules_said(self.SHARED) == ["acl-separated"]

    def test_of_two_equal_lists_are_one(self) -> None:
        same = app("/a", {"HAPROXY_0_VHOST": "a.x", "HAPROXY_1_VHOST": "a.x", "HAPROXY_1_PATH": "/p"}, 10001, 10002)
        assert rules_said(same) == []

    def test_of_two_passwords_are_two(self) -> None:
        labels = {f"HAPROXY_{n}_{key}": value for n in (0, 1) for key, value in (("VHOST", "a.x"), ("AUTH", "r:joe:h"))}
        made = rules(HTTPS, app("/a", labels, 10001, 10002), **PORTABLE)
        assert "acl auth_a_x_a http_auth(user_a_10001)" in made
        assert "acl auth_a_x_a_10002 http_auth(user_a_10002)" in made

    def test_of_two_app_ids_are_two(self) -> None:
        made = rules(APP_IDS, app("/a/b", {"MODE": "http"}), app("/a.b", {"MODE": "http"}, 10002), **PORTABLE)
        assert made[:2] == [
            "acl app__a_b hdr(x-marathon-app-id) -i /a.b",
            "acl app__a_b_10001 hdr(x-marathon-app-id) -i /a/b",
        ]


class TestRedirects:
    """HAProxy evaluates a redirect before every route."""

    REDIRECT = app("/web", {"VHOST": "a.x", "REDIRECT_TO_HTTPS": "true"}, 10001)
    ACME = app("/acme", {"VHOST": "a.x", "PATH": "/.well-known"}, 10002)

    def test_spare_what_stands_before_them(self) -> None:
        made = [line for line in rules(HTTP, self.REDIRECT, self.ACME, **PORTABLE) if "spared" in line]
        assert made == [
            "acl spared_web_10001_0 path_beg /.well-known",
            "redirect scheme https code 301 if !{ ssl_fc } { hdr(host) -i a.x } !spared_web_10001_0",
        ]
        assert rules_said(self.REDIRECT, self.ACME) == ["redirect-spares-routes"]

    def test_take_what_stands_behind_them(self) -> None:
        behind = app("/acme", {"VHOST": "a.x", "PATH": "/.well-known", "BACKEND_WEIGHT": "-1"}, 10002)
        assert rules_said(self.REDIRECT, behind) == []

    def test_take_what_is_redirected_itself(self) -> None:
        both = app("/acme", {"VHOST": "a.x", "PATH": "/p", "REDIRECT_TO_HTTPS": "true"}, 10002)
        assert rules_said(self.REDIRECT, both) == []

    def test_spare_any_number_of_routes(self) -> None:
        # HAProxy takes 64 words in a line.
        routes = [app(f"/{n}", {"VHOST": "a.x", "PATH": f"/{n}"}, 20000 + n) for n in range(50)]
        made = rules(HTTP, self.REDIRECT, *routes, **PORTABLE)
        assert len([line for line in made if line.startswith("acl spared_web_10001_0 path_beg ")]) == 50
        assert max(len(line.split()) for line in made) < 20

    def test_share_an_acl_where_they_spare_the_same(self) -> None:
        another = app("/web2", {"VHOST": "a.x", "REDIRECT_TO_HTTPS": "true"}, 10003)
        made = rules(HTTP, self.REDIRECT, self.ACME, another, **PORTABLE)
        assert [line for line in made if line.startswith("acl spared_")] == [
            "acl spared_web_10001_0 path_beg /.well-known"
        ]
        assert len([line for line in made if line.endswith(" !spared_web_10001_0")]) == 2

    @pytest.mark.parametrize(
        ("own", "other", "spared"),
        [
            ("/p", "/q", False),
            ("/p", "/p/sub", True),
            ("/p/sub", "/p", True),
            ("/x /p", "/y /p/sub", True),
            ("/p", "-i /q", True),
            ("-i /p", "/q", True),
        ],
    )
    def test_of_a_path_spare_what_lies_in_it(self, own: str, other: str, spared: bool) -> None:
        redirect = app("/web", {"VHOST": "a.x", "PATH": own, "REDIRECT_TO_HTTPS": "true"}, 10001)
        route = app("/other", {"VHOST": "a.x", "PATH": other}, 10002)
        assert ("redirect-spares-routes" in rules_said(redirect, route)) is spared

    def test_are_not_blamed_for_the_path_that_they_spare(self) -> None:
        rendered = generate(self.REDIRECT, self.ACME, **PORTABLE).rendered
        assert rendered is not None
        line = rendered.text.split("\n").index("  acl spared_web_10001_0 path_beg /.well-known") + 1
        found = rendered.source_map.origin(line)
        assert found is not None
        assert (found.app, found.label) == ("/acme", "HAPROXY_0_PATH")

    def test_keep_to_their_own_vhosts(self) -> None:
        assert rules_said(self.REDIRECT, app("/acme", {"VHOST": "b.x", "PATH": "/p"}, 10002)) == []


class TestVhostLists:
    def test_are_tidied(self) -> None:
        untidy = app("/a", {"VHOST": "a.x, b.x,,a.x"})
        made = rules(HTTP, untidy, **PORTABLE)
        assert made[:2] == ["acl host_a_x_a hdr(host) -i a.x", "acl host_a_x_a hdr(host) -i b.x"]
        assert len(made) == 3
        assert rules_said(untidy) == ["vhost-list-tidied"]

    def test_of_tcp_services_are_left_out(self) -> None:
        tcp = app("/a", {"VHOST": "a.x", "MODE": "tcp"})
        made = sections(text(tcp, **PORTABLE))
        assert made[HTTP] == ["bind *:80", "mode http"]
        assert made["frontend a_10001_in"][-1] == "use_backend a_10001"
        assert rules_said(tcp) == ["vhost-in-tcp-mode"]


class TestDoors:
    GUARDED = app("/a", {"VHOST": "a.x", "AUTH": "r:joe:hash"})

    def test_all_ask_for_the_password(self) -> None:
        made = sections(text(self.GUARDED, **PORTABLE))
        assert 'http-request auth realm "r" unless { http_auth(user_a_10001) }' in made["frontend a_10001_in"]
        ask = 'http-request auth realm "r" if { hdr(x-marathon-app-id) -i /a } !{ http_auth(user_a_10001) }'
        assert ask in made[APP_IDS]
        assert rules_said(self.GUARDED) == ["auth-enforced-everywhere"]

    def test_ask_with_the_apps_id_where_there_is_no_realm(self) -> None:
        open_door = app("/a", {"VHOST": "a.x", "AUTH": ":joe:hash"})
        assert 'http-request auth realm "/a" if host_a_x_a !auth_a_x_a' in rules(HTTP, open_door, **PORTABLE)
        assert "auth-realm-filled" in rules_said(open_door)

    def test_cannot_ask_in_tcp_mode(self) -> None:
        tcp = app("/a", {"AUTH": "r:joe:hash"})
        assert "http-request" not in "".join(section("frontend a_10001_in", tcp, **PORTABLE))
        assert rules_said(tcp) == ["auth-in-tcp-mode"]

    def test_do_not_ask_a_list_of_another_name(self) -> None:
        own = app(
            "/a", {"AUTH": "r:joe:hash", "MODE": "http", "USERLIST_HEAD": "userlist mine\n  user joe password h\n"}
        )
        assert section("frontend a_10001_in", own, **PORTABLE)[-1] == "use_backend a_10001"
        assert "http_auth(user_" not in text(own, **PORTABLE)

    def test_of_nobody_leave_the_app_out(self) -> None:
        result = generate(app("/a", {"AUTH": "r::hash"}), **PORTABLE)
        assert result.services == []
        assert [each.rule for each in result.findings if str(each.severity) == "error"] == ["bad-auth"]


class TestBackends:
    def test_check_over_tls_where_marathon_does(self) -> None:
        tls = app("/a", {"MODE": "http"}, healthChecks=[CHECK | {"protocol": "HTTPS"}])
        assert section("backend a_10001", tls, **PORTABLE)[-1].endswith("check inter 5s fall 4 check-ssl verify none")
        assert rules_said(tls) == ["check-over-tls"]

    @pytest.mark.parametrize("vhost", ["", "a.x,b.x"])
    def test_keep_the_host_header_without_one_vhost(self, vhost: str) -> None:
        labels = {"VHOST": vhost, "MODE": "http", "HTTP_BACKEND_PROXYPASS_PATH": "/p"}
        made = section("backend a_10001", app("/a", labels), **PORTABLE)
        assert not [line for line in made if "set-header Host" in line]
        assert 'http-request replace-path "(?i)^/p/?(.*)" "/\\1"' in made
        assert rules_said(app("/a", labels)) == ["host-header-kept"]

    def test_set_no_cookie_in_tcp_mode(self) -> None:
        made = section("backend a_10001", app("/a", {"STICKY": "true"}), **PORTABLE)
        assert made[2:] == ["server 10_0_0_1_31001 10.0.0.1:31001 id 26814 check"]
        assert rules_said(app("/a", {"STICKY": "true"})) == ["cookie-in-tcp-mode"]

    def test_have_one_server_for_each_address(self) -> None:
        twins = app("/a", tasks=[task("10.0.0.9"), task("10.0.0.9")])
        assert len(section("backend a_10001", twins, **PORTABLE)) == 3
        assert rules_said(twins) == ["servers-merged"]

    def test_end_the_lines_of_labels(self) -> None:
        unended = app("/a", {"MODE": "http", "BACKEND_HTTP_OPTIONS": "  option forwardfor"})
        made = section("backend a_10001", unended, **PORTABLE)
        assert made[2:] == ["option forwardfor", "server 10_0_0_1_31001 10.0.0.1:31001 id 26814"]
        assert rules_said(unended) == ["last-line-ended"]

    def test_write_addresses_of_ipv6_in_brackets(self) -> None:
        container = {
            "networks": [{"mode": "container"}],
            "container": {"portMappings": [{"containerPort": 80, "servicePort": 10001}]},
        }
        made = app("/a", tasks=[task("agent1", ipAddresses=[{"ipAddress": "2001:db8::1"}])]) | container
        assert section("backend a_10001", made)[-1].split()[2] == "2001:db8::1:80"
        assert section("backend a_10001", made, **PORTABLE)[-1].split()[2] == "[2001:db8::1]:80"


class TestHeads:
    def test_that_are_empty_hide_the_frontend_and_its_rule(self) -> None:
        hidden = app("/a", {"FRONTEND_HEAD": ""})
        assert "use_backend a_10001" not in text(hidden, **PORTABLE)
        assert rules_said(hidden) == ["hidden-frontend"]

    def test_that_are_empty_with_their_rule_need_no_word(self) -> None:
        documented = app("/a", {"FRONTEND_HEAD": "", "FRONTEND_BACKEND_GLUE": ""})
        assert rules_said(documented) == []
        assert "backend a_10001" in sections(text(documented))
        assert "frontend a_10001" not in sections(text(documented))


PROXYPASS = {"VHOST": "a.x,b.x", "HTTP_BACKEND_PROXYPASS_PATH": "/p"}


class TestTextsOfOthers:
    """What a label or the operator writes in place of a template is not second-guessed."""

    REDIRECT: ClassVar = {"VHOST": "a.x", "REDIRECT_TO_HTTPS": "true"}
    ACME = app("/acme", {"VHOST": "a.x", "PATH": "/.well-known"}, 10002)
    WILDCARD = "  acl host_{cleanedUpHostname} hdr_end(host) -i {hostname}\n"

    def test_a_redirect_with_an_acl_of_its_own_goes_on_using_it(self) -> None:
        web = app("/web", self.REDIRECT | {"HTTP_FRONTEND_ACL": self.WILDCARD}, 10001)
        made = rules(HTTP, web, self.ACME, **PORTABLE)
        assert "redirect scheme https code 301 if !{ ssl_fc } host_a_x_web" in made
        assert rules_said(web, self.ACME) == []

    def test_a_redirect_of_the_operators_is_his(self) -> None:
        own = "  redirect scheme https code 308 if !{{ ssl_fc }} host_{cleanedUpHostname}\\n"
        environ = {"HAPROXY_BACKEND_REDIRECT_HTTP_TO_HTTPS": own}
        made = rules(HTTP, app("/web", self.REDIRECT, 10001), self.ACME, environ=environ, **PORTABLE)
        assert "redirect scheme https code 308 if !{ ssl_fc } host_a_x_web" in made

    def test_a_route_with_rules_of_its_own_is_not_spared(self) -> None:
        label = {"HTTP_FRONTEND_ACL_WITH_PATH": "  acl path_{backend} path_reg {path}\n"}
        route = app("/acme", {"VHOST": "a.x", "PATH": "/.well-known", **label}, 10002)
        assert rules_said(app("/web", self.REDIRECT, 10001), route) == []

    def test_hidden_service_ports_leave_nothing_in_other_sections(self, tmp_path: Path) -> None:
        for name in ("FRONTEND_HEAD", "FRONTEND_BACKEND_GLUE"):
            (tmp_path / f"HAPROXY_{name}").write_text("")
        guarded = app("/a", {"VHOST": "a.x", "AUTH": "r:joe:hash"})
        assert rules(HTTPS, guarded, templates=tmp_path, **PORTABLE)[-1] == "use_backend a_10001 if { ssl_fc_sni a.x }"

    def test_a_list_of_users_that_the_operator_renames_is_not_asked(self) -> None:
        environ = {"HAPROXY_USERLIST_HEAD": "userlist mine\\n  user {user} password {passwd}\\n"}
        guarded = app("/a", {"MODE": "http", "AUTH": "r:joe:hash"})
        assert "http_auth" not in text(guarded, environ=environ, **PORTABLE)
        assert rules_said(guarded, environ=environ) == ["auth-doors-open"]

    def test_the_operators_proxypass_is_his_whatever_the_vhosts(self) -> None:
        environ = {"HAPROXY_HTTP_BACKEND_PROXYPASS_GLUE": "  http-request set-path /mine\\n"}
        made = section("backend a_10001", app("/a", PROXYPASS), environ=environ, **PORTABLE)
        assert "http-request set-path /mine" in made
        assert not [line for line in made if "replace-path" in line]

    @pytest.mark.parametrize("template", ["BACKEND_SERVER_OPTIONS", "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS"])
    def test_the_verification_of_servers_is_not_undone(self, template: str) -> None:
        own = "  server {serverName} {host_ipv4}:{port} ssl verify required ca-file /ca.pem{healthCheckOptions}\n"
        label = {template: own if template == "BACKEND_SERVER_OPTIONS" else "  check inter 5s ssl verify required"}
        checked = app("/a", {"MODE": "http", **label}, healthChecks=[CHECK | {"protocol": "HTTPS"}])
        assert "verify none" not in text(checked, **PORTABLE)
        assert "check-over-tls" not in rules_said(checked)


REFUSED = [
    ("PORT", "70000", "bad-port", "70000 is no port: ports are 1 to 65535"),
    ("MODE", "health", "bad-mode", '"health" is no mode: there are http and tcp'),
    ("BALANCE", "fair", "bad-balance", '"fair" is no balance algorithm of HAProxy 3.4'),
    ("BALANCE", "random(0)", "bad-balance", '"random(0)" is refused: random takes a number, as in random(2)'),
    (
        "BIND_ADDR",
        "10.0.0.1:80",
        "bad-bind-address",
        '"10.0.0.1:80" is no address that the service port can be put behind',
    ),
    ("BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8 office", "bad-network", '"office" is no address and no network'),
    ("AUTH", "r::hash", "bad-auth", "names no user: nobody could log in"),
    (
        "HTTP_BACKEND_PROXYPASS_PATH",
        "/(",
        "bad-pattern",
        "is part of a regular expression, and is none: missing ), unterminated subpattern at position 1",
    ),
]


@pytest.mark.parametrize(("name", "value", "rule", "message"), REFUSED)
def test_what_no_haproxy_accepts_leaves_its_app_out(name: str, value: str, rule: str, message: str) -> None:
    bad = app("/bad", {name: value})
    result = generate(bad, app("/good", {}, 10002), **PORTABLE)
    assert about(result, rule) == [f"HAPROXY_0_{name} {message}"]
    assert [service.app.id for service in result.services] == ["/good"]
    # The other dialect writes what Marathon-LB would.
    assert [service.app.id for service in generate(bad).services] == ["/bad"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/255.0.0.0 10.1 172.16/12 2001:db8::/32"),
        ("BACKEND_NETWORK_ALLOWED_ACL", "office.example.org vpn.example.org/28"),
        ("BIND_ADDR", "10.0.0.1:8080,10.0.0.2"),
        ("BIND_ADDR", "2001:db8::1"),
        ("BALANCE", "url_param user check_post"),
        ("BALANCE", "hash src"),
    ],
)
def test_what_haproxy_may_accept_is_left_to_it(name: str, value: str) -> None:
    assert [service.app.id for service in generate(app("/a", {name: value}), **PORTABLE).services] == ["/a"]


@pytest.mark.parametrize(
    ("number", "value", "help_"),
    [
        ("intervalSeconds", 0, "HAProxy takes 1 to 2,000,000"),
        ("timeoutSeconds", -1, "HAProxy takes 0 to 2,000,000"),
        ("maxConsecutiveFailures", -1, "HAProxy takes 0 to 2,147,483,646"),
        ("port", 65536, "HAProxy takes 0 to 65,535"),
    ],
)
def test_numbers_of_a_check_that_no_haproxy_accepts_leave_its_app_out(number: str, value: int, help_: str) -> None:
    bad = app("/bad", healthChecks=[CHECK | {number: value}])
    result = generate(bad, app("/good", {}, 10002), **PORTABLE)
    (finding,) = [each for each in result.findings if each.rule == "bad-health-check"]
    assert finding.message == f"has a health check whose {number} HAProxy refuses: {value}"
    assert finding.help == help_
    assert [service.app.id for service in result.services] == ["/good"]


@pytest.mark.parametrize("number", ["timeoutSeconds", "maxConsecutiveFailures", "port"])
def test_numbers_of_a_check_may_be_nothing(number: str) -> None:
    checked = app("/a", healthChecks=[CHECK | {number: 0}])
    assert [service.app.id for service in generate(checked, **PORTABLE).services] == ["/a"]


def test_backends_of_one_name_leave_the_second_app_out() -> None:
    result = generate(app("/a/b"), app("/a_b"), **PORTABLE)
    assert about(result, "name-taken") == ["its backend would be called a_b_10001, as /a/b:10001's is"]
    assert [service.app.id for service in result.services] == ["/a/b"]


def test_backends_of_one_name_are_theirs_whose_service_port_it_is() -> None:
    result = generate(app("/a/b", {"PORT": "10002"}), app("/a_b", {}, 10002), **PORTABLE)
    assert about(result, "name-taken") == ["HAPROXY_0_PORT its backend would be called a_b_10002, as /a_b:10002's is"]
    assert [service.app.id for service in result.services] == ["/a_b"]


def test_a_deployment_group_cannot_be_called_as_another_app() -> None:
    group = app("/web-blue", {"HAPROXY_DEPLOYMENT_GROUP": "web", "HAPROXY_0_MODE": "http"}, 10001)
    result = generate(group, app("/web", {"MODE": "http"}, 10002), **PORTABLE)
    assert about(result, "name-taken") == ["HAPROXY_DEPLOYMENT_GROUP is the id of another app, /web"]
    assert [service.app.id for service in result.services] == ["/web"]


def test_every_finding_is_explained_on_the_page_about_deviations() -> None:
    page = (Path(__file__).parents[2] / "docs" / "deviations.md").read_text()
    explained = set(re.findall(r"`\[([a-z-]+)\]`", page))
    source = Path(__file__).parents[2] / "lbgen" / "marathon"
    noted = {
        rule
        for name in ("portable", "plan", "acceptable")
        for rule in re.findall(r'(?:note|fault)\(\s*[^"]*?"([a-z-]+)"', (source / f"{name}.py").read_text())
    }
    assert noted - explained == set()
