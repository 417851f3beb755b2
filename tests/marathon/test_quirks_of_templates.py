"""What surprises people about templates of Marathon-LB, in labels and elsewhere."""

from __future__ import annotations

import pytest

from tests.fleets import HTTP, HTTPS, app, generate, rules, section, sections, text


class TestTemplates:
    def test_one_is_filled_in_and_another_is_pasted(self) -> None:
        labels = {
            "VHOST": "m.example",
            "BACKEND_HTTP_OPTIONS": "  http-request deny if {{ ssl_fc }} {backend}\n",
            "HTTPS_FRONTEND_ACL": "  use_backend {backend} if {{ ssl_fc_sni -i {hostname} }}\n",
        }
        shop = app("/shop", labels)
        assert section("backend shop_10001", shop)[2] == "http-request deny if {{ ssl_fc }} {backend}"
        assert rules(HTTPS, shop) == ["use_backend shop_10001 if { ssl_fc_sni -i m.example }"]

    @pytest.mark.parametrize("wrong", ["{ ssl_fc }", "{nothing}", "{path}", "}"])
    def test_one_that_cannot_be_filled_in_leaves_its_app_out(self, wrong: str) -> None:
        shop = app("/shop", {"VHOST": "m.example", "HTTPS_FRONTEND_ACL": f"  use_backend {{backend}} if {wrong}\n"})
        result = generate(shop, app("/news", {}, 10002))
        assert [each.origin.label for each in result.findings if each.origin] == ["HAPROXY_0_HTTPS_FRONTEND_ACL"]
        assert result.rendered is not None
        assert "shop" not in result.rendered.text
        assert "backend news_10002" in sections(result.rendered.text)

    def test_line_breaks_are_spelled_differently_in_labels_and_in_the_environment(self) -> None:
        environ = {"HAPROXY_BACKEND_HTTP_OPTIONS": "  option one\\n  option two\n", "HAPROXY_FRONTEND_BACKEND_GLUE": ""}
        plain = section("backend shop_10001", app("/shop", {"MODE": "http"}), environ=environ)
        assert plain[2:4] == ["option one", "option two"]
        labels = {"MODE": "http", "BACKEND_HTTP_OPTIONS": "  option one\\n\r\n  option two\n"}
        assert section("backend shop_10001", app("/shop", labels))[2:4] == ["option one\\n", "option two"]
        assert "use_backend shop_10001" in section("frontend shop_10001", app("/shop"), environ=environ)

    def test_nobody_adds_the_line_break_that_is_missing(self) -> None:
        labels = {"MODE": "http", "STICKY": "true", "BACKEND_STICKY_OPTIONS": " cookie ID prefix "}
        (line,) = [line for line in section("backend shop_10001", app("/shop", labels)) if line.startswith("cookie ")]
        assert line.startswith("cookie ID prefix server 10_0_0_1_31001 10.0.0.1:31001 ")

    def test_an_empty_head_and_rule_hide_the_service_port(self) -> None:
        shop = app("/shop", {"FRONTEND_HEAD": "", "FRONTEND_BACKEND_GLUE": ""})
        found = sections(text(shop))
        assert "backend shop_10001" in found
        assert "frontend shop_10001" not in found

    def test_a_wildcard_by_template_works_without_the_map_only(self) -> None:
        rule = "  acl host_{cleanedUpHostname} hdr_end(host) -i {hostname}\n"
        shop = app("/shop", {"VHOST": "m.example", "HTTP_FRONTEND_ACL": rule})
        assert rules(HTTP, shop) == ["acl host_m_example_shop hdr_end(host) -i m.example"]
        result = generate(shop, haproxy_map=True)
        assert [each.rule for each in result.findings] == ["bad-template"]

    @pytest.mark.parametrize(
        ("name", "blank", "labels", "made"),
        [
            ("HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH", "path", {"PATH": "/p", "AUTH": "r:u:p"}, "/p"),
            ("HTTPS_FRONTEND_ACL_ONLY_WITH_PATH", "realm", {"PATH": "/p", "AUTH": "r:u:p", "VHOST": "a.x,b.x"}, "r"),
            ("HTTP_FRONTEND_ACL_ONLY_WITH_PATH", "hostname", {"PATH": "/p", "REDIRECT_TO_HTTPS": "true"}, "a.x"),
        ],
    )
    def test_an_operator_may_name_what_is_there_in_some_cases(
        self, name: str, blank: str, labels: dict[str, str], made: str
    ) -> None:
        shop = app("/shop", {"VHOST": "a.x", **labels})
        written = text(shop, environ={f"HAPROXY_{name}": f"  # filled with <{{{blank}}}>\\n"})
        assert f"  # filled with <{made}>\n" in written
