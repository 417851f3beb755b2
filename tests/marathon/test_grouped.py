"""`--group-https-by-vhost`: a frontend for each vhost behind a common port 443."""

from __future__ import annotations

from tests.fleets import HTTPS, about, app, generate, rules, section, sections, text

OWN = app("/a", {"VHOST": "a.x", "SSL_CERT": "/etc/ssl/a.pem", "BIND_OPTIONS": "ca-file /x verify required"}, 10001)
SHARED = app("/b", {"VHOST": "a.x,b.x", "PATH": "/p", "BIND_OPTIONS": "no-tlsv11"}, 10002)


def test_sections_are_told_apart_by_sni_and_joined_by_sockets() -> None:
    made = sections(text(OWN, SHARED, group_https_by_vhost=True))
    assert made[HTTPS] == [
        "bind *:443",
        "mode tcp",
        "tcp-request inspect-delay 5s",
        "tcp-request content accept if { req_ssl_hello_type 1 }",
        "use_backend a_x if { req_ssl_sni -i a.x }",
        "use_backend b_x if { req_ssl_sni -i b.x }",
    ]
    assert made["backend a_x"] == ["server loopback-for-tls abns@a_x send-proxy-v2"]
    assert made["frontend a_x"] == [
        "mode http",
        "bind abns@a_x accept-proxy ssl crt /etc/ssl/a.pem ca-file /x verify required no-tlsv11",
        "acl path_b_10002 path_beg /p",
        "use_backend b_10002 if { ssl_fc_sni a.x } path_b_10002",
        "use_backend a_10001 if { ssl_fc_sni a.x }",
    ]
    assert made["frontend b_x"] == [
        "mode http",
        "bind abns@b_x accept-proxy ssl crt /etc/ssl/cert.pem no-tlsv11",
        "acl path_b_10002 path_beg /p",
        "use_backend b_10002 if { ssl_fc_sni b.x } path_b_10002",
    ]


def test_certificate_and_options_stay_on_the_service_port() -> None:
    head = section("frontend a_10001", OWN, group_https_by_vhost=True)[0]
    assert head == "bind *:10001 ssl crt /etc/ssl/a.pem ca-file /x verify required"


def test_frontends_have_names_of_their_own_in_the_portable_dialect() -> None:
    made = sections(text(OWN, group_https_by_vhost=True, dialect="portable"))
    assert "frontend a_x_in" in made
    assert "frontend a_x" not in made
    assert made["backend a_x"]


def test_certificates_of_the_load_balancer_are_taken_where_a_vhost_has_none() -> None:
    plain = app("/a", {"VHOST": "a.x"})
    certs = ("/one.pem", "/two.pem")
    made = section("frontend a_x", plain, group_https_by_vhost=True, ssl_certs=certs)
    assert made[1] == "bind abns@a_x accept-proxy ssl crt /one.pem crt /two.pem"
    assert section(HTTPS, plain, ssl_certs=certs)[0] == "bind *:443 ssl crt /one.pem crt /two.pem"


def test_vhosts_of_one_name_leave_an_app_out_in_the_portable_dialect() -> None:
    result = generate(
        app("/a", {"VHOST": "a.b"}), app("/b", {"VHOST": "a_b"}, 10002), group_https_by_vhost=True, dialect="portable"
    )
    assert about(result, "name-taken") == [
        "HAPROXY_0_VHOST has the vhost a_b, whose sections would be called a_b, as the vhost a.b's is"
    ]
    assert [service.app.id for service in result.services] == ["/a"]


def test_without_80_and_443_there_are_no_groups() -> None:
    made = sections(text(OWN, group_https_by_vhost=True, bind_http_https=False))
    assert HTTPS not in made
    assert "frontend a_x" not in made


def test_rules_are_grouped_by_weight() -> None:
    fleet = [app("/a", {"VHOST": "w.x"}), app("/b", {"VHOST": "w.x", "BACKEND_WEIGHT": "3"}, 10002)]
    assert [line.split()[1] for line in rules("frontend w_x", *fleet, group_https_by_vhost=True)] == [
        "b_10002",
        "a_10001",
    ]
