"""What surprises people about grouped vhosts, deployment groups and networks of Marathon-LB."""

from __future__ import annotations

from typing import Any

from tests.fleets import HTTPS, about, app, generate, rules, section, sections, task, text


def servers(backend: str, *apps: Any, **options: Any) -> list[str]:
    """The servers of a backend, from their addresses on."""
    lines = section(f"backend {backend}", *apps, **options)
    return [line.split(maxsplit=2)[2] for line in lines if line.startswith("server ")]


def backends(*apps: Any, **options: Any) -> list[str]:
    """The names of the backends."""
    return [header.split()[1] for header in sections(text(*apps, **options)) if header.startswith("backend ")]


def used(frontend: str, *apps: Any, **options: Any) -> list[str]:
    """The backends that a frontend uses, in the order of its rules."""
    return [rule.split()[1] for rule in rules(frontend, *apps, **options) if rule.startswith("use_backend")]


class TestGrouped:
    def test_vhosts_that_are_shared_have_the_options_of_both(self) -> None:
        one = app("/one", {"VHOST": "m.example", "BIND_OPTIONS": "no-tlsv11"}, 10001)
        two = app("/two", {"VHOST": "m.example", "BIND_OPTIONS": "alpn h2", "PATH": "/two"}, 10002)
        made = text(one, two, group_https_by_vhost=True)
        assert "  bind abns@m_example accept-proxy ssl crt /etc/ssl/cert.pem alpn h2  no-tlsv11\n" in made
        assert used("frontend m_example", one, two, group_https_by_vhost=True) == ["two_10002", "one_10001"]

    def test_a_blank_in_the_list_is_a_part_of_the_vhost(self) -> None:
        shop = app("/shop", {"VHOST": "m.example, n.example"})
        assert "frontend _n_example" in sections(text(shop, group_https_by_vhost=True))
        rendered = generate(shop, haproxy_map=True).rendered
        assert rendered is not None
        assert rendered.maps["domain2backend.map"] == "m.example shop_10001\n n.example shop_10001\n"

    def test_a_certificate_is_named_once(self) -> None:
        certs = ("/certs/b.pem", "/certs/a.pem", "/certs/b.pem")
        made = section(
            "frontend m_example", app(labels={"VHOST": "m.example"}), group_https_by_vhost=True, ssl_certs=certs
        )
        assert made[1] == "bind abns@m_example accept-proxy ssl crt /certs/b.pem crt /certs/a.pem"


MAPPED: dict[str, Any] = {"haproxy_map": True, "group_https_by_vhost": True}


class TestGroupedWithMap:
    def test_only_the_first_vhost_of_the_first_service_gets_anywhere(self) -> None:
        first = app("/first", {"VHOST": "f.example,g.example"}, 10001)
        plain = app("/plain", {"VHOST": "p.example"}, 10002)
        secret = app("/secret", {"VHOST": "s.example", "SSL_CERT": "/certs/s.pem"}, 10003)
        found = sections(text(first, plain, secret, **MAPPED))
        assert [line for line in found[HTTPS] if line.startswith("use_backend")] == [
            "use_backend f_example if { req_ssl_sni -i f.example }",
            "use_backend s_example if { req_ssl_sni -i s.example }",
        ]
        assert len(found["frontend f_example"]) == 3
        assert found["frontend s_example"] == [
            "mode http",
            "bind abns@s_example accept-proxy ssl crt /certs/s.pem",
        ]

    def test_the_rule_that_asks_the_map_is_filled_with_its_own_vhost(self) -> None:
        first = app("/first", {"VHOST": "f.example,g.example"})
        environ = {"HAPROXY_MAP_HTTPS_FRONTEND_ACL": "  use_backend ask if {{ path {hostname} }}\\n"}
        made = section("frontend f_example", first, environ=environ, **MAPPED)
        assert made[-1] == "use_backend ask if { path f.example }"


class TestDeploymentGroups:
    def colour(self, name: str, port: int, host: str, /, **labels: str) -> dict[str, Any]:
        """One colour of the app /shop; labels are HAPROXY_DEPLOYMENT_<key>."""
        named = {"HAPROXY_DEPLOYMENT_GROUP": "shop"}
        named |= {f"HAPROXY_DEPLOYMENT_{key}": value for key, value in labels.items()}
        return app(f"/shop-{name}", named, port, tasks=[task(host)], instances=1)

    def test_a_member_at_fault_is_not_held_against_the_next_one(self) -> None:
        hybrid = self.colour("a", 10001, "10.7.0.1", NEW_INSTANCES="1")
        plain, other = self.colour("b", 10002, "10.7.0.2"), self.colour("c", 10003, "10.7.0.3")
        # Beside the hybrid, who was scaled last should say how many instances to aim at.
        for day, each in ((2, hybrid), (1, plain), (3, other)):
            each["versionInfo"] = {"lastScalingAt": f"2020-01-0{day}T00:00:00Z"}
        result = generate(hybrid, plain, other)
        assert [each.origin.app for each in result.findings if each.origin] == ["/shop-a"]
        assert result.left_out == 1
        assert result.rendered is not None
        assert section("backend shop_10003", plain, other) == sections(result.rendered.text)["backend shop_10003"]

    def test_a_member_at_fault_lets_nobody_have_the_ports_of_its_group(self) -> None:
        wrong, right = self.colour("a", 1, "10.7.0.1", STARTED_AT="soon"), self.colour("b", 1, "10.7.0.2")
        other = app("/x", {"HAPROXY_DEPLOYMENT_GROUP": "x", "PORT": "none, as it gets none"})
        discovery = {"ports": [{"number": 80}]}
        for each in (right, other):
            each |= {"ipAddress": {"discovery": discovery}}
            each["tasks"] = [task(ipAddresses=[{"ipAddress": "9.0.0.7"}])]
            del each["ports"]
        result = generate(wrong, right, other, auto_ports=(10050, 10050))
        assert [each.origin.app for each in result.findings if each.origin and each.rule.startswith("bad")] == [
            "/shop-a"
        ]
        assert [service.port for service in result.services] == [10050]

    def test_the_colour_that_lacks_its_instances_is_left_out(self) -> None:
        lacking = self.colour("a", 10001, "10.7.0.1")
        del lacking["instances"]
        result = generate(lacking, self.colour("b", 10002, "10.7.0.2"))
        assert [each.origin.app for each in result.findings if each.origin] == ["/shop-a"]
        assert result.rendered is not None
        assert "10.7.0.2:31001" in result.rendered.text

    def test_scaling_times_with_and_without_a_zone_cannot_be_compared(self) -> None:
        old = self.colour("a", 10001, "10.7.0.1", STARTED_AT="2020-01-01")
        new = self.colour("b", 10002, "10.7.0.2", STARTED_AT="2020-01-02", NEW_INSTANCES="1", TARGET_INSTANCES="1")
        old["versionInfo"], new["versionInfo"] = {"lastScalingAt": "2020-01-01T00:00Z"}, {"lastScalingAt": "2020-01-01"}
        (message,) = about(generate(old, new), "bad-deployment-group")
        assert message.endswith("lastScalingAt of both colours with a time zone, or of both without")

    def test_who_was_at_fault_stays_out_even_if_the_other_goes_too(self) -> None:
        old = self.colour("a", 10001, "10.7.0.1", STARTED_AT="2020-01-01")
        old["labels"]["HAPROXY_0_FRONTEND_BACKEND_GLUE"] = "  use_backend {nothing}\n"
        new = self.colour("b", 10002, "10.7.0.2", STARTED_AT="2020-01-02", NEW_INSTANCES="1")
        result = generate(old, new)
        assert result.left_out == 2
        assert (result.services, result.rendered) == ([], None)


class TestNetworks:
    def test_an_address_per_task_needs_no_discovery(self) -> None:
        tasks = [task("agent7", ipAddresses=[{"ipAddress": "9.0.0.7"}])]
        mappings = {"portMappings": [{"containerPort": 80}]}
        shop = app("/shop", tasks=tasks, container=mappings, ipAddress={"networkName": "dcos"})
        assert servers("shop_10001", shop)[0].startswith("9.0.0.7:80 ")
        assert backends(shop | {"ipAddress": {}, "tasks": [task()]}) == ["shop_10001"]

    def test_a_mode_that_nobody_knows_has_the_agents_address_and_the_containers_ports(self) -> None:
        tasks = [task(ipAddresses=[{"ipAddress": "9.0.0.7"}])]
        mappings = {"portMappings": [{"containerPort": 80, "servicePort": 10009}]}
        shop = app("/shop", tasks=tasks, container=mappings, networks=[{"mode": "overlay"}])
        assert [server.split()[0] for server in servers("shop_10001", shop)] == ["10.0.0.1:80"]
