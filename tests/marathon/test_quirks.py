"""What surprises people about Marathon-LB, and what the marathon-lb dialect does all the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import APP_IDS, CHECK, HTTP, HTTPS, about, app, generate, rules, section, sections, task, text

CHECK_LINE = "check inter 5s fall 4"


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


def moved(made: dict[str, Any], host: str) -> dict[str, Any]:
    """The app with its task on another host."""
    return made | {"tasks": [each | {"host": host} for each in made["tasks"]]}


class TestRouting:
    def test_a_weight_of_0_cannot_be_asked_for_together_with_a_path(self) -> None:
        shop = app("/shop", {"VHOST": "m.example", "PATH": "/shop", "BACKEND_WEIGHT": "0"}, 10001)
        rest = app("/rest", {"VHOST": "m.example", "BACKEND_WEIGHT": "0"}, 10002)
        last = app("/last", {"VHOST": "m.example", "BACKEND_WEIGHT": "-1"}, 10003)
        assert used(HTTP, last, rest, shop) == ["shop_10001", "rest_10002", "last_10003"]

    @pytest.mark.parametrize(("vhosts", "on_80"), [("m.example", ["shop_10001"]), ("m.example,n.example", [])])
    def test_a_redirect_leaves_the_backend_in_reach_for_a_single_vhost_only(
        self, vhosts: str, on_80: list[str]
    ) -> None:
        shop = app("/shop", {"VHOST": vhosts, "REDIRECT_TO_HTTPS": "true", "AUTH": "shop:joe:hash"})
        assert used(HTTP, shop) == on_80
        assert not [rule for rule in rules(HTTP, shop) if "auth" in rule]
        assert used(HTTPS, shop) == ["shop_10001"] * len(vhosts.split(","))

    def test_two_ports_of_an_app_share_the_acl_of_their_first_vhost(self) -> None:
        shop = app("/shop", {"HAPROXY_0_VHOST": "m.example,pub", "HAPROXY_1_VHOST": "m.example,adm"}, 10001, 10002)
        assert rules(HTTP, shop) == [
            "acl host_m_example_shop hdr(host) -i m.example",
            "acl host_m_example_shop hdr(host) -i pub",
            "use_backend shop_10001 if host_m_example_shop",
            "acl host_m_example_shop hdr(host) -i m.example",
            "acl host_m_example_shop hdr(host) -i adm",
            "use_backend shop_10002 if host_m_example_shop",
        ]
        assert "use_backend shop_10002 if { ssl_fc_sni adm }" in rules(HTTPS, shop)

    @pytest.mark.parametrize(
        ("value", "says"),
        [("true", True), ("YES", True), ("t", True), ("y", True), ("1", False), ("on", False), (" true", False)],
    )
    def test_1_and_on_are_false_and_nothing_is_trimmed(self, value: str, says: bool) -> None:
        made = rules(HTTP, app(labels={"VHOST": "a.x", "REDIRECT_TO_HTTPS": value}))
        assert any(rule.startswith("redirect") for rule in made) is says

    def test_port_9091_knows_the_lowest_http_port_of_an_app_only(self) -> None:
        labels = {"HAPROXY_0_MODE": "http", "HAPROXY_1_MODE": "tcp", "HAPROXY_2_MODE": "http", "HAPROXY_2_PORT": "90"}
        shop = app("/eu/shop.v2", labels, 10007, 10001, 10009)
        assert rules(APP_IDS, shop) == [
            "acl app__eu_shop_v2 hdr(x-marathon-app-id) -i /eu/shop.v2",
            "use_backend eu_shop.v2_90 if app__eu_shop_v2",
        ]

    @pytest.mark.parametrize(
        ("vhosts", "acls", "snis"),
        [
            ("m.example,", ["m.example", ""], ["m.example", ""]),
            ("m.example, N.example", ["m.example", "n.example"], ["m.example", "n.example"]),
            ("*.example", ["*.example"], ["*.example"]),
        ],
    )
    def test_vhosts_are_taken_as_they_are(self, vhosts: str, acls: list[str], snis: list[str]) -> None:
        shop = app("/shop", {"VHOST": vhosts})
        name = "host___example_shop" if "*" in vhosts else "host_m_example_shop"
        assert rules(HTTP, shop)[:-1] == [f"acl {name} hdr(host) -i {acl}".rstrip() for acl in acls]
        assert rules(HTTPS, shop) == [
            " ".join(f"use_backend shop_10001 if {{ ssl_fc_sni {sni} }}".split()) for sni in snis
        ]

    def test_a_password_guards_80_and_443_and_no_other_door(self) -> None:
        shop = app("/shop", {"VHOST": "m.example", "AUTH": "shop:joe:hash"})
        found = sections(text(shop))
        asking = {header for header, lines in found.items() if any("http-request auth" in line for line in lines)}
        assert asking == {HTTP, HTTPS}

    def test_a_vhost_in_tcp_mode_is_routed_to_all_the_same(self) -> None:
        shop = app("/shop", {"VHOST": "m.example", "MODE": "tcp"})
        assert used(HTTP, shop) == used(HTTPS, shop) == ["shop_10001"]
        assert "mode tcp" in section("backend shop_10001", shop)
        assert used(APP_IDS, shop) == []

    def test_networks_are_written_behind_a_redirect_that_haproxy_asks_later(self) -> None:
        labels = {"MODE": "http", "HTTP_BACKEND_REDIR": "/start", "BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"}
        assert section("backend shop_10001", app("/shop", labels))[-5:-1] == [
            "redirect code 301 location /start if is_domain is_root",
            "acl network_allowed src 10.0.0.0/8",
            "http-request allow if network_allowed",
            "http-request deny",
        ]

    def test_a_password_without_a_vhost_is_a_user_list_that_nobody_asks(self) -> None:
        made = text(app("/shop", {"AUTH": "shop:joe:hash"}))
        assert sections(made)["userlist user_shop_10001"] == ["user joe password hash"]
        assert "http_auth" not in made


class TestPorts:
    def test_a_port_label_renames_after_everything_is_paired(self) -> None:
        shop = app("/shop", {"HAPROXY_0_PORT": "10009", "HAPROXY_1_BALANCE": "source"}, 10001, 10002)
        assert backends(shop) == ["shop_10002", "shop_10009"]
        assert servers("shop_10009", shop)[0].startswith("10.0.0.1:31001 ")
        assert "balance source" in section("backend shop_10002", shop)

    def test_one_port_label_twice_makes_two_sections_of_one_name(self) -> None:
        shop = app("/shop", {"HAPROXY_0_PORT": "80", "HAPROXY_1_PORT": " 8_0 "}, 10001, 10002)
        assert text(shop).count("\nbackend shop_80\n") == 2

    def test_a_mapping_without_service_port_shifts_labels_and_servers(self) -> None:
        mappings = [{"containerPort": 1}, {"containerPort": 2, "servicePort": 10002}]
        shop = app("/shop", {"VHOST": "zero.example"}, tasks=[task(ports=[31008, 31009])])
        shop |= {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": mappings}}
        assert used(HTTP, shop) == ["shop_10002"]
        assert [server.split()[0] for server in servers("shop_10002", shop)] == ["10.0.0.1:31008"]

    def test_a_service_port_twice_has_the_last_labels_and_all_servers(self) -> None:
        shop = app("/shop", {"HAPROXY_0_BALANCE": "source", "HAPROXY_1_BALANCE": "leastconn"}, 10001, 10001)
        assert "balance leastconn" in section("backend shop_10001", shop)
        assert [server.split()[0] for server in servers("shop_10001", shop)] == ["10.0.0.1:31001", "10.0.0.1:31002"]

    def test_two_apps_may_bind_one_port(self) -> None:
        found = sections(text(app("/shop", {}, 10001), app("/news", {}, 10001)))
        assert found["frontend shop_10001"][0] == found["frontend news_10001"][0] == "bind *:10001"

    @pytest.mark.parametrize("port", ["0", "80", "9091"])
    def test_ports_that_cannot_work_are_written(self, port: str) -> None:
        assert section(f"frontend shop_{port}", app("/shop", {"PORT": port}))[0] == f"bind *:{port}"

    def test_ports_by_hash_step_aside_for_each_other(self) -> None:
        discovery = {"discovery": {"ports": [{"number": 8080}, {"number": 8081}]}}
        shop = app("/shop", tasks=[task(ipAddresses=[{"ipAddress": "9.0.0.1"}])], ipAddress=discovery)
        del shop["ports"]
        # Both ports hash to 10089; the second tries again.
        assert backends(shop) == ["shop_10074", "shop_10089"]
        taken = app("/taken", {}, 10089)
        assert backends(shop, taken) == ["shop_10074", "shop_10089", "taken_10089"]
        assert backends(shop, auto_ports=(10050, 10050)) == ["shop_10050"]


class TestChecks:
    def test_a_check_with_a_port_hides_those_behind_it(self) -> None:
        checks = [{**CHECK, "protocol": "TCP", "port": 9999}, {**CHECK, "portIndex": 1}]
        shop = app("/shop", {}, 10001, 10002, healthChecks=checks)
        for name in ("shop_10001", "shop_10002"):
            assert "mode tcp" in section(f"backend {name}", shop)
            assert servers(name, shop)[0].endswith(f"{CHECK_LINE} port 9999")

    @pytest.mark.parametrize(
        ("protocol", "label", "mode", "asks"),
        [
            ("HTTP", None, "http", True),
            ("HTTP", "tcp", "tcp", False),
            ("HTTPS", None, "tcp", False),
            ("MESOS_HTTP", None, "tcp", False),
            ("http", None, "tcp", False),
            ("COMMAND", "http", "http", True),
            ("HTTPS", "http", "http", True),
            ("TCP", "http", "http", False),
            ("HTTP", "HTTP", "http", True),
            ("HTTP", "health", "health", False),
        ],
    )
    def test_only_http_makes_a_service_http_and_the_label_wins(
        self, protocol: str, label: str | None, mode: str, asks: bool
    ) -> None:
        labels = {} if label is None else {"MODE": label}
        made = section("backend shop_10001", app("/shop", labels, healthChecks=[{**CHECK, "protocol": protocol}]))
        assert f"mode {mode}" in made
        assert ("option httpchk GET /h" in made) is asks
        assert made[-1].endswith(CHECK_LINE) is (mode != "health")

    def test_the_index_of_a_checked_port_is_a_rank_by_service_port(self) -> None:
        checks = [{**CHECK, "protocol": "TCP"}]

        def checked(index: str) -> str:
            shop = app("/shop", {"BACKEND_HEALTHCHECK_PORT_INDEX": index}, 10009, 10001, healthChecks=checks)
            return servers("shop_10009", shop)[0].partition(f"{CHECK_LINE} ")[2]

        assert [checked(index) for index in ("0", "1", "-1", "-2", "3", "-3")] == [
            "port 31002",
            "port 31001",
            "port 31001",
            "port 31002",
            "port 31001",
            "port 31001",
        ]

    def test_the_index_that_equals_the_number_of_services_leaves_the_app_out(self) -> None:
        labels = {"BACKEND_HEALTHCHECK_PORT_INDEX": "1"}
        result = generate(app("/shop", labels, healthChecks=[CHECK]), app("/news", {}, 10002))
        assert len(about(result, "bad-port-index")) == 1
        assert result.rendered is not None
        assert [line for line in sections(result.rendered.text) if line.startswith("backend ")] == [
            "backend news_10002"
        ]

    def test_a_borrowed_check_over_http_beats_the_label_for_the_mode(self) -> None:
        labels = {"BACKEND_HEALTHCHECK_PORT_INDEX": "1", "MODE": "tcp"}
        checks = [{**CHECK, "protocol": "MESOS_HTTPS", "portIndex": 1}]
        shop = app("/shop", labels, 10001, 10002, healthChecks=checks)
        assert "mode http" in section("backend shop_10001", shop)
        assert "mode tcp" in section("backend shop_10002", shop)
        assert servers("shop_10001", shop)[0].endswith("port 31002")

    @pytest.mark.parametrize(("checks", "more"), [([], ""), ([{**CHECK, "protocol": "TCP"}], f" {CHECK_LINE}")])
    def test_a_sticky_cookie_turns_checks_on(self, checks: list[dict[str, Any]], more: str) -> None:
        shop = moved(app("/shop", {"STICKY": "yes"}, healthChecks=checks), "10.7.0.1")
        made = section("backend shop_10001", shop)
        assert made[2] == "cookie mesosphere_server_id insert indirect nocache"
        assert made[3] == f"server 10_7_0_1_31001 10.7.0.1:31001 id 26755 check cookie 17dc2449bc{more}"


class TestServers:
    def test_hosts_are_sorted_as_text_and_ports_as_numbers(self) -> None:
        tasks = [task("10.7.0.9", [31001]), task("10.7.0.10", [31001]), task("10.7.0.9", [4000])]
        assert [server.split()[0] for server in servers("shop_10001", app("/shop", tasks=tasks))] == [
            "10.7.0.10:31001",
            "10.7.0.9:4000",
            "10.7.0.9:31001",
        ]

    @pytest.mark.parametrize(
        ("addresses", "ids"),
        [
            # Both names hash to 7143; the second is hashed again.
            (["10.7.0.1:31056", "10.7.0.1:31089"], ["7143", "21856"]),
            # 0 is no id.
            (["10.7.27.1:31009"], ["4284"]),
            # Servers of one name are not made one.
            (["10.7.0.1:31001", "10.7.0.1:31001"], ["26755", "26812"]),
        ],
    )
    def test_numbers_by_hash_step_aside_for_each_other(self, addresses: list[str], ids: list[str]) -> None:
        pairs = [address.split(":") for address in addresses]
        tasks = [task(host, [int(port)], id=f"t{number}") for number, (host, port) in enumerate(pairs)]
        made = servers("shop_10001", app("/shop", tasks=tasks))
        assert [server.split()[0] for server in made] == addresses
        assert [server.split()[2] for server in made] == ids

    def test_an_address_of_ipv6_stands_as_it_is(self) -> None:
        mappings = {"portMappings": [{"containerPort": 80, "servicePort": 10001}]}
        tasks = [task("agent7", ipAddresses=[{"ipAddress": "2001:db8::7"}])]
        shop = app("/shop", tasks=tasks, networks=[{"mode": "container"}], container=mappings)
        made = section("backend shop_10001", shop)[-1]
        assert made.startswith("server agent7_2001_db8__7_80 2001:db8::7:80 id ")

    def test_without_a_task_that_serves_there_is_no_service_at_all(self) -> None:
        sick = [task(healthCheckResults=[{"alive": False}])]
        shop = app("/shop", {"VHOST": "m.example"}, tasks=sick, healthChecks=[CHECK])
        found = sections(text(shop, health_check=True))
        assert not [header for header in found if "shop" in header]
        assert rules(HTTP, shop, health_check=True) == []

    def test_any_good_result_is_enough_and_apps_without_checks_are_not_asked(self) -> None:
        tasks = [
            task("10.7.0.1", healthCheckResults=[{"alive": False}, {"alive": True}]),
            task("10.7.0.2"),
            task("10.7.0.3", healthCheckResults=[]),
        ]
        shop = app("/shop", {}, tasks=tasks, healthChecks=[CHECK])
        assert len(servers("shop_10001", shop, health_check=True)) == 1
        assert len(servers("shop_10001", shop | {"healthChecks": []}, health_check=True)) == 3


class TestNames:
    def test_an_id_without_a_slash_loses_its_first_letter(self) -> None:
        assert backends(app("shop", {}, 10001)) == ["hop_10001"]

    def test_hostname_is_the_whole_label_or_the_word_none(self) -> None:
        labels = {"MODE": "http", "HTTP_BACKEND_REDIR": "/start"}
        lists = app("/lists", {**labels, "VHOST": "M.example,n.example"}, 10001)
        nobody = app("/nobody", labels, 10002)
        assert "acl is_domain hdr(host) -i m.example,n.example" in section("backend lists_10001", lists, nobody)
        assert "acl is_domain hdr(host) -i None" in section("backend nobody_10002", lists, nobody)

    @pytest.mark.parametrize(
        ("label", "internal", "external"),
        [
            ("internal,external", True, True),
            ("internal, external", True, False),
            ("*", False, False),
            ("", False, False),
            ("Internal", False, False),
        ],
    )
    def test_groups_are_exact_words(self, label: str, internal: bool, external: bool) -> None:
        shop = app("/shop", {"HAPROXY_GROUP": label})
        for group, served in (("internal", internal), ("external", external), ("*", True)):
            made = generate(shop, groups=(group,)).rendered
            assert (made is not None and "backend shop_10001" in made.text) is served

    def test_the_groups_of_a_port_stand_in_place_of_the_apps_even_if_there_are_none(self) -> None:
        labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_GROUP": "internal", "HAPROXY_1_GROUP": ""}
        assert backends(app("/shop", labels, 10001, 10002, 10003), groups=("external",)) == ["shop_10003"]
