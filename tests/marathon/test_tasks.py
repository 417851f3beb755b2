"""Which tasks become servers, in which order, and under which names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import CHECK, about, app, generate, section, task, text


def servers(*tasks: dict[str, Any], **options: Any) -> list[str]:
    """The hosts of the servers of an app with these tasks, and a health check."""
    made = section("backend a_10001", app("/a", tasks=list(tasks), healthChecks=[CHECK]), **options)
    return [line.split()[2].partition(":")[0] for line in made if line.startswith("server ")]


@pytest.mark.parametrize(
    "state",
    [
        "TASK_STAGING",
        "TASK_STARTING",
        "TASK_KILLING",
        "TASK_FINISHED",
        "TASK_FAILED",
        "TASK_KILLED",
        "TASK_ERROR",
        "TASK_DROPPED",
        "TASK_GONE",
        "TASK_GONE_BY_OPERATOR",
        "TASK_UNKNOWN",
    ],
)
def test_a_task_that_starts_or_has_ended_serves_nobody(state: str) -> None:
    assert servers(task("10.0.0.1", state=state), task("10.0.0.2")) == ["10.0.0.2"]


@pytest.mark.parametrize("state", ["TASK_RUNNING", "TASK_LOST", "TASK_UNREACHABLE", "TASK_OF_TOMORROW", None])
def test_a_task_in_any_other_state_serves(state: str | None) -> None:
    assert servers(task("10.0.0.1", state=state)) == ["10.0.0.1"]


def test_a_task_without_a_host_is_passed_over() -> None:
    assert servers(task(""), {"ports": [31001]}, task("10.0.0.2")) == ["10.0.0.2"]


class TestHealthFilter:
    """`--health-check`: only tasks that pass Marathon's checks."""

    RESULTS: tuple[tuple[Any, bool], ...] = (
        ([{"alive": True}], True),
        ([{"alive": False}, {"alive": True}], True),
        ([{"alive": False}], False),
        ([{}], False),
        ([None], False),
        ([], False),
        (None, False),
    )

    @pytest.mark.parametrize(("results", "kept"), RESULTS)
    def test_keeps_a_task_with_any_good_result(self, results: Any, kept: bool) -> None:
        made = servers(
            task("10.0.0.1", healthCheckResults=results),
            task("10.0.0.9", healthCheckResults=[{"alive": True}]),
            health_check=True,
        )
        assert made == (["10.0.0.1", "10.0.0.9"] if kept else ["10.0.0.9"])

    def test_drops_a_task_without_results(self) -> None:
        alive = task("10.0.0.9", healthCheckResults=[{"alive": True}])
        assert servers(task("10.0.0.1"), alive, health_check=True) == ["10.0.0.9"]

    @pytest.mark.parametrize("checks", [[], None])
    def test_does_not_ask_an_app_without_checks(self, checks: Any) -> None:
        dead = app(tasks=[task(healthCheckResults=[{"alive": False}])], healthChecks=checks)
        assert section("backend a_10001", dead, health_check=True)

    def test_is_off_by_default(self) -> None:
        assert servers(task(healthCheckResults=[{"alive": False}])) == ["10.0.0.1"]


class TestAddresses:
    def test_are_looked_up_once_for_each_host(self) -> None:
        made = app(tasks=[task("agent1"), task("agent1", [31002])])
        lines = section("backend a_10001", made, hosts={"agent1": "10.1.1.1"})
        assert [line.split()[1:3] for line in lines[2:]] == [
            ["agent1_10_1_1_1_31001", "10.1.1.1:31001"],
            ["agent1_10_1_1_1_31002", "10.1.1.1:31002"],
        ]

    @pytest.mark.parametrize("address", [None, "2001:db8::1", "10.0.0.256", "elsewhere"])
    def test_that_are_not_found_leave_the_task_out(self, address: str | None) -> None:
        made = app(tasks=[task("agent1"), task("10.0.0.2")])
        result = generate(made, hosts={"agent1": address} if address else {})
        assert about(result, "unresolved-host") == [
            'a task runs on "agent1", which does not resolve; the task is left out'
        ]
        assert result.rendered is not None
        assert "10.0.0.2:31001" in result.rendered.text

    @pytest.mark.parametrize("host", ["a b", "a\nserver x 10.0.0.9:1", "a#b", '"', "ä"])
    def test_that_cannot_be_written_leave_the_task_out(self, host: str) -> None:
        result = generate(app(tasks=[task(host), task("10.0.0.2")]))
        assert len(about(result, "bad-host")) == 1
        assert result.rendered is not None
        assert "10.0.0.9" not in result.rendered.text

    def test_of_containers_are_not_looked_up(self) -> None:
        container = {"networks": [{"mode": "container"}], "container": {"portMappings": [{"containerPort": 80}]}}
        made = text(app(tasks=[task("agent1", ipAddresses=[{"ipAddress": "9.0.0.1"}])]) | container)
        assert "server agent1_9_0_0_1_80 9.0.0.1:80 id 17663" in made


class TestOrderAndNames:
    def test_hosts_sort_as_text_and_ports_as_numbers(self) -> None:
        tasks = [task("10.0.0.9"), task("10.0.0.10"), task("10.0.0.9", [4000])]
        assert section("backend a_10001", app(tasks=tasks))[2:] == [
            "server 10_0_0_10_31001 10.0.0.10:31001 id 1188",
            "server 10_0_0_9_4000 10.0.0.9:4000 id 29509",
            "server 10_0_0_9_31001 10.0.0.9:31001 id 2608",
        ]

    def test_numbers_that_are_taken_are_not_given_again(self) -> None:
        tasks = [task(ports=[31076]), task(ports=[31163])]
        assert section("backend a_10001", app(tasks=tasks))[2:] == [
            "server 10_0_0_1_31076 10.0.0.1:31076 id 32562",
            "server 10_0_0_1_31163 10.0.0.1:31163 id 21925",
        ]

    def test_0_is_no_number(self) -> None:
        made = section("backend a_10001", app(tasks=[task("10.0.49.88")]))
        assert made[2:] == ["server 10_0_49_88_31001 10.0.49.88:31001 id 21664"]

    def test_two_tasks_of_one_address_and_port_are_two_servers(self) -> None:
        assert section("backend a_10001", app(tasks=[task("10.0.0.9"), task("10.0.0.9")]))[2:] == [
            "server 10_0_0_9_31001 10.0.0.9:31001 id 2608",
            "server 10_0_0_9_31001 10.0.0.9:31001 id 22816",
        ]

    def test_a_service_without_server_is_not_written(self) -> None:
        result = generate(app(tasks=[]), app("/b", {}, 10002))
        assert result.rendered is not None
        assert "a_10001" not in result.rendered.text
        assert about(result, "no-server") == ["no task serves port 10001; nothing is written for it"]
