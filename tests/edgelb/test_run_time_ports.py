"""Ports that a pool leaves to run time."""

from __future__ import annotations

from lbgen.edgelb.run_time_ports import chosen, variables
from tests.edgelb.pools import frontend, only, pool, section, text

OPEN = pool(frontends=[frontend(bindPort=0), frontend(), frontend(bindPort=0, name="x")])
OPEN["haproxy"]["stats"] = {"bindPort": 0}
STATS, FIRST, THIRD = "/haproxy/stats", "/haproxy/frontends/0", "/haproxy/frontends/2"


def test_edge_lb_takes_them_from_the_environment() -> None:
    made = variables(only(OPEN))
    assert made.ports == {
        STATS: "$HAPROXY_STATS_PORT",
        FIRST: "$HAPROXY_FRONTEND_PORT0",
        THIRD: "$HAPROXY_FRONTEND_PORT2",
    }
    assert section(text(OPEN, dialect="edge-lb"), "frontend x")[0] == "bind 0.0.0.0:$HAPROXY_FRONTEND_PORT2"


def test_a_plan_is_the_same_in_every_run_and_told() -> None:
    made = chosen(only(OPEN), range(1025, 2181))
    assert made.ports == chosen(only(OPEN), range(1025, 2181)).ports
    assert len(set(made.ports.values())) == 3
    assert all(1025 <= int(port) <= 2180 for port in made.ports.values())
    assert [(each.pointer, each.message) for each in made.said] == [
        (f"{STATS}/bindPort", f"the port of the statistics is chosen at run time: {made.ports[STATS]} is planned"),
        (
            f"{FIRST}/bindPort",
            f'the port of the frontend "frontend_0.0.0.0_0" is chosen at run time: {made.ports[FIRST]} is planned',
        ),
        (f"{THIRD}/bindPort", f'the port of the frontend "x" is chosen at run time: {made.ports[THIRD]} is planned'),
    ]


def test_a_plan_depends_on_the_pool_and_not_on_what_else_has_no_port() -> None:
    alone = pool(frontends=[frontend(bindPort=0, name="x")])
    ports = chosen(only(alone), range(1025, 2181)).ports
    assert ports[FIRST] == chosen(only(OPEN), range(1025, 2181)).ports[THIRD]
    assert ports != chosen(only({**alone, "name": "q"}), range(1025, 2181)).ports


def test_a_port_of_the_pool_is_not_planned_again() -> None:
    made = chosen(only(OPEN), range(79, 83))
    assert sorted(made.ports.values()) == ["79", "81", "82"]


def test_too_few_ports_are_an_error() -> None:
    made = chosen(only(OPEN), range(80, 82))
    assert list(made.ports) == [STATS]
    assert [each.message for each in made.said][-1] == 'no port from 80 to 81 is free for the frontend "x"'


def test_frontends_without_a_name_and_a_port_are_told_apart() -> None:
    twice = pool(frontends=[frontend(bindPort=0), frontend(bindPort=0)])
    assert [each.name for each in only(twice).frontends] == ["frontend_0.0.0.0_0_0", "frontend_0.0.0.0_0_1"]


def test_ports_that_were_chosen_before_stay() -> None:
    made = chosen(only(OPEN), range(1025, 2181), held={None: 9191, 2: 8181})
    assert (made.ports[STATS], made.ports[THIRD]) == ("9191", "8181")
    assert made.ports[FIRST] == chosen(only(OPEN), range(1025, 2181)).ports[FIRST]
