"""Before deployment: the tasks and service ports that Marathon would choose."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import about, app, generate, section, sections, text

PORTABLE: dict[str, Any] = {"dialect": "portable"}


def definition(app_id: str = "/a", **fields: Any) -> dict[str, Any]:
    return {"id": app_id, "labels": {}, "portDefinitions": [{"port": 10001}]} | fields


def servers(*apps: dict[str, Any], header: str = "backend a_10001", **options: Any) -> list[str]:
    lines = section(header, *apps, **options)
    return [line.split()[2] for line in lines if line.startswith("server ")]


def backends(*apps: dict[str, Any], **options: Any) -> list[str]:
    found = sections(text(*apps, **options))
    return [header.removeprefix("backend ") for header in found if header.startswith("backend ")]


class TestTasks:
    def test_stand_on_documentation_addresses(self) -> None:
        assert servers(definition()) == ["192.0.2.1:31000"]

    def test_are_as_many_as_instances(self) -> None:
        assert servers(definition(instances=3)) == ["192.0.2.1:31000", "192.0.2.2:31000", "192.0.2.3:31000"]

    def test_go_around_the_addresses_with_further_ports(self) -> None:
        made = servers(definition(instances=255))
        assert len(set(made)) == 255
        assert "192.0.2.254:31000" in made
        assert "192.0.2.1:31001" in made

    def test_have_a_port_for_each_service_port(self) -> None:
        two = definition(instances=255, portDefinitions=[{"port": 10001}, {"port": 10002}])
        addresses = servers(two) + servers(two, header="backend a_10002")
        assert len(set(addresses)) == 510

    def test_of_two_colours_are_not_the_same(self) -> None:
        colours = [
            definition(f"/a-{colour}", instances=2, labels={"HAPROXY_DEPLOYMENT_GROUP": group})
            for colour, group in (("blue", "a"), ("green", "/a"))
        ]
        assert len(set(servers(*colours, **PORTABLE))) == 4

    def test_pass_checks_and_have_addresses_of_their_own(self) -> None:
        container = {"portMappings": [{"containerPort": 80, "servicePort": 10001}]}
        made = definition(networks=[{"mode": "container"}], healthChecks=[{"protocol": "TCP"}], container=container)
        assert servers(made, health_check=True) == ["192.0.2.1:80"]

    def test_are_none_for_no_instances(self) -> None:
        result = generate(definition(instances=0), app("/b"))
        assert about(result, "no-server") == ["no task serves port 10001; nothing is written for it"]

    def test_are_at_most_10000(self) -> None:
        result = generate(definition(instances=1_000_000))
        assert about(result, "many-instances") == ["1000000 instances; placeholders are planned for the first 10000"]
        assert len(result.services[0].servers) == 10_000

    def test_that_are_there_win(self) -> None:
        assert servers(definition(tasks=[{"host": "10.0.0.1", "ports": [31005]}])) == ["10.0.0.1:31005"]
        result = generate(definition(tasks=[]), app("/b"))
        assert "192.0.2" not in text(definition(tasks=[]), app("/b"))
        assert about(result, "planned") == []


class TestServicePorts:
    OPEN = definition(portDefinitions=[{"port": 0}])

    def test_are_chosen_from_the_range(self) -> None:
        (made,) = backends(self.OPEN)
        assert 10000 <= int(made.removeprefix("a_")) <= 10150

    def test_depend_on_the_app_and_not_on_the_others(self) -> None:
        others = [definition(f"/{n}", portDefinitions=[{"port": 0}]) for n in range(5)]
        assert backends(self.OPEN)[0] in backends(*others, self.OPEN)

    def test_are_those_of_nobody_else(self) -> None:
        (alone,) = backends(self.OPEN)
        port = int(alone.removeprefix("a_"))
        made = backends(self.OPEN, app("/b", {}, port))
        assert f"b_{port}" in made
        assert f"a_{port}" not in made

    def test_are_not_the_load_balancers_own(self) -> None:
        assert backends(self.OPEN, service_ports=range(9090, 9093), lb_ports=(9090, 9091)) == ["a_9092"]

    def test_are_not_a_port_that_a_label_asks_for(self) -> None:
        other = app("/b", {"PORT": "9091"})
        assert "a_9090" in backends(self.OPEN, other, service_ports=range(9090, 9092), lb_ports=())

    def test_are_all_used_before_anybody_goes_without(self) -> None:
        fleet = [definition(f"/{n}", portDefinitions=[{"port": 0}]) for n in range(4)]
        result = generate(*fleet, service_ports=range(10000, 10003))
        assert [service.port for service in sorted(result.services, key=lambda each: each.port)] == [
            10000,
            10001,
            10002,
        ]
        assert about(result, "no-free-service-port") == ["no service port is free between 10000 and 10002"]
        assert result.left_out == 1

    def test_are_the_same_whatever_the_order(self) -> None:
        fleet = [definition(f"/{n}", portDefinitions=[{"port": 0}]) for n in range(140)]
        assert text(*fleet) == text(*reversed(fleet))

    @pytest.mark.parametrize(
        "fields",
        [
            {"portDefinitions": [{"port": 0}]},
            {"ports": [0]},
            {"networks": [{"mode": "container/bridge"}], "container": {"portMappings": [{"containerPort": 80}]}},
            {"container": {"docker": {"network": "BRIDGE", "portMappings": [{"containerPort": 80}]}}},
            {},
        ],
    )
    def test_are_chosen_in_every_shape_of_definition(self, fields: dict[str, Any]) -> None:
        assert len(backends({"id": "/a", "labels": {}} | fields)) == 1

    def test_that_are_there_win(self) -> None:
        assert backends(definition()) == ["a_10001"]

    def test_of_a_deployed_app_are_left_as_they_are(self) -> None:
        assert backends(app("/a", {}, 0)) == ["a_0"]


def test_an_id_without_slash_becomes_absolute() -> None:
    assert backends(definition("a")) == ["a_10001"]


def test_checks_are_filled_in_as_marathon_does() -> None:
    made = section("backend a_10001", definition(healthChecks=[{}], instances=1))
    assert "option httpchk GET /" in made
    assert "timeout check 20s" in made
    assert made[-1].endswith("check inter 60s fall 4")


class TestWhatIsSaid:
    def test_names_the_app_and_the_port_that_was_chosen(self) -> None:
        (port,) = (name.removeprefix("a_") for name in backends(TestServicePorts.OPEN))
        (finding,) = generate(TestServicePorts.OPEN).findings
        assert finding.message == (
            "/a is not deployed yet: servers on 192.0.2.0/24 stand for the tasks;"
            f" service ports are as free as Marathon's might be: /a {port}"
        )
        assert str(finding.severity) == "info"

    def test_names_no_port_that_a_label_replaces(self) -> None:
        named = definition(portDefinitions=[{"port": 0}], labels={"HAPROXY_0_PORT": "6443"})
        (finding,) = generate(named).findings
        assert finding.message == "/a is not deployed yet: servers on 192.0.2.0/24 stand for the tasks"

    def test_is_said_once_for_all_apps(self) -> None:
        fleet = [definition(f"/{name}") for name in "abcdef"]
        (finding,) = (each for each in generate(*fleet).findings if each.rule == "planned")
        assert finding.message.startswith("/a, /b, /c and 3 more are not deployed yet")
