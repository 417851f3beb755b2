"""Service ports for apps whose tasks have addresses of their own and that declare none."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.marathon.auto_ports import AutoPorts
from tests.fleets import app, sections, task, text


def container(app_id: str, *numbers: int, tasks: int = 1) -> dict[str, Any]:
    ports = [{"number": number} for number in numbers]
    running = [task("agent1", ipAddresses=[{"ipAddress": f"9.0.0.{n + 1}"}]) for n in range(tasks)]
    return {"id": app_id, "labels": {}, "ipAddress": {"discovery": {"ports": ports}}, "tasks": running}


def backends(*apps: dict[str, Any], **options: Any) -> list[str]:
    found = sections(text(*apps, **options))
    return [header.removeprefix("backend ") for header in found if header.startswith("backend ")]


def test_the_first_port_is_a_hash_of_app_and_task_port() -> None:
    assert AutoPorts(10050, 10100).port("/a", 80) == 10065
    assert AutoPorts(10050, 10100).port("/a", 81) == 10093


def test_a_port_that_is_handed_out_already_is_not_handed_out_again() -> None:
    ports = AutoPorts(10050, 10100)
    assert [ports.port("/a", 80), ports.port("/ck", 80)] == [10065, 10071]


def test_the_same_app_and_task_port_gets_the_same_port() -> None:
    ports = AutoPorts(10050, 10100)
    assert ports.port("/a", 80) == ports.port("/a", 80)


def test_all_ports_of_the_range_are_handed_out_and_then_none() -> None:
    ports = AutoPorts(10050, 10100)
    handed = [ports.port(f"/{n}", 80) for n in range(52)]
    assert sorted(port for port in handed if port) == list(range(10050, 10101))
    assert handed[-1] is None


def test_an_app_gets_a_port_for_each_port_of_its_first_task() -> None:
    assert backends(container("/a", 80, 81)) == ["a_10065", "a_10093"]


def test_ports_that_marathon_chose_are_not_looked_at() -> None:
    assert backends(container("/a", 80), app("/z", {}, 10065)) == ["a_10065", "z_10065"]


def test_what_is_left_when_the_range_is_used_up_gets_no_service() -> None:
    made = backends(container("/a", 80, 81), container("/ck", 80), auto_ports=(10050, 10051))
    assert made == ["a_10050", "a_10051"]


def test_an_app_at_fault_takes_no_port_from_the_others() -> None:
    bad = container("/a", 80) | {"labels": {"HAPROXY_0_PORT": "https"}}
    assert backends(bad, container("/ck", 80)) == backends(container("/ck", 80)) == ["ck_10065"]


@pytest.mark.parametrize(("tasks", "auto_ports"), [(0, (10050, 10100)), (1, (0, 0))])
def test_without_tasks_or_a_range_there_is_no_service(tasks: int, auto_ports: tuple[int, int]) -> None:
    assert backends(container("/a", 80, tasks=tasks), app("/b"), auto_ports=auto_ports) == ["b_10001"]
