"""Which server of a backend answers, proved by traffic on every HAProxy: weights, cookies, checks, and none at all."""

from __future__ import annotations

import time
from base64 import b64encode
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from integration.edgelb.traffic_pool import DESERTED, GREETED, SICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.edgelb.conftest import Traffic

DEFAULT_COOKIE = "DCOS_SERVER_ID_FOR_THE_STICKY"
PATIENCE = 30


def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds; fails where it does not come to hold at all."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.05)


def states(traffic: Traffic, backend: str) -> dict[int, tuple[str, str]]:
    """The state of each server of a backend and what its last check came to, by its port."""
    head, *rows = [line.split(",") for line in traffic.haproxy.ask("show stat").splitlines() if line]
    named = (dict(zip(head, row, strict=True)) for row in rows)
    mine = [row for row in named if row["# pxname"] == backend and row["svname"] != "BACKEND"]
    return {int(row["svname"].rpartition("_")[2]): (row["status"], row["check_status"]) for row in mine}


def until_down(traffic: Traffic, backend: str, port: int) -> None:
    """Returns once checks have taken this server out."""
    until(lambda: states(traffic, backend)[port][0] == "DOWN")


def answering(traffic: Traffic, backend: str, times: int) -> Counter[str]:
    """How often each stub answers so many requests."""
    return Counter(traffic.named(backend).json()["stub"] for _ in range(times))


def test_weights_share_out_the_requests(traffic: Traffic) -> None:
    counted = answering(traffic, "weighed", 300)
    assert set(counted) == {"light", "heavy"}
    # A third, give or take more than five standard deviations of a fair draw.
    assert 55 <= counted["light"] <= 145


def test_without_weights_all_get_the_same(traffic: Traffic) -> None:
    counted = answering(traffic, "loose", 60)
    assert 20 <= counted["light"] <= 40


@pytest.mark.parametrize(("backend", "name"), [("sticky", DEFAULT_COOKIE), ("custom", "MINE")])
def test_clients_stay_with_their_server(traffic: Traffic, backend: str, name: str) -> None:
    homes: dict[str, str] = {}
    while set(homes) != {"light", "heavy"}:
        first = traffic.named(backend)
        (header,) = first.headers["set-cookie"]
        assert header.startswith(f"{name}=")
        homes[first.json()["stub"]] = header.partition(";")[0]
    for home, cookie in homes.items():
        answers = [traffic.named(backend, Cookie=cookie) for _ in range(12)]
        assert {answer.json()["stub"] for answer in answers} == {home}
        # The cookie is between the client and the load balancer.
        assert all("set-cookie" not in answer.headers for answer in answers)
        assert all("cookie" not in answer.json()["headers"] for answer in answers)


def test_cookies_are_the_names_of_servers_in_base64(traffic: Traffic) -> None:
    first = traffic.named("sticky")
    host, port = traffic.stubs[first.json()["stub"]]
    value = b64encode(f"address_{host}_{port}".encode()).decode()
    assert first.headers["set-cookie"][0].startswith(f"{DEFAULT_COOKIE}={value};")


def test_where_stickiness_is_turned_off_no_cookie_is_set_or_heeded(traffic: Traffic) -> None:
    cookie = traffic.named("sticky").headers["set-cookie"][0].partition(";")[0]
    answers = [traffic.named("loose", Cookie=cookie) for _ in range(12)]
    assert {answer.json()["stub"] for answer in answers} == {"light", "heavy"}
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_a_server_that_fails_its_check_gets_no_requests(traffic: Traffic) -> None:
    until_down(traffic, "checked", SICK)
    assert set(answering(traffic, "checked", 12)) == {"good"}
    # It would have answered.
    assert traffic.haproxy.request(SICK).json()["stub"] == "ill"


@pytest.mark.parametrize("backend", ["connected", "unchecked"])
def test_without_that_check_it_gets_some(traffic: Traffic, backend: str) -> None:
    until_down(traffic, "checked", SICK)
    assert set(answering(traffic, backend, 12)) == {"good", "ill"}


def test_a_check_asks_for_the_host_that_is_hidden_in_its_version(traffic: Traffic) -> None:
    until(lambda: states(traffic, "named")[SICK] == ("UP", "L7OK"))
    assert set(answering(traffic, "named", 3)) == {"ill"}


def test_a_check_can_be_told_what_to_expect(traffic: Traffic) -> None:
    good = traffic.stubs["good"].port
    until_down(traffic, "choosy", good)
    assert set(answering(traffic, "choosy", 6)) == {"ill"}


def test_a_server_that_does_not_greet_back_gets_no_connections(traffic: Traffic) -> None:
    good, three = traffic.stubs["good"].port, traffic.stubs["three"].port
    until_down(traffic, "greeted", good)
    until(lambda: states(traffic, "greeted")[three] == ("UP", "L6OK"))
    seen = [traffic.haproxy.request(GREETED, tls=True).json()["stub"] for _ in range(6)]
    assert set(seen) == {"three"}


def test_without_servers_the_answer_is_503(traffic: Traffic) -> None:
    assert traffic.named("nobody").status == 503


def test_with_all_servers_down_the_answer_is_503(traffic: Traffic) -> None:
    until(lambda: {state for state, _ in states(traffic, "closed").values()} == {"DOWN"})
    assert traffic.named("closed").status == 503


def test_without_servers_a_connection_is_closed(traffic: Traffic) -> None:
    with traffic.haproxy.connect(DESERTED) as connection:
        connection.sendall(b"anybody there\n")
        try:
            received = connection.recv(100)
        except ConnectionError:
            received = b""
    assert received == b""
