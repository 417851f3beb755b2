"""Frontends and backends of the portable dialect have names of their own, whoever wrote their heads."""

from __future__ import annotations

import pytest

from tests.fleets import app, sections, text

HEAD = "  bind {bindAddr}:{servicePort}\n  mode {mode}\n"


@pytest.mark.parametrize(
    ("head", "frontend"),
    [
        ("frontend {backend}\n", "a_10001_in"),
        ("\n\tfrontend   {backend}   # {backend}\n", "a_10001_in"),
        ("frontend {backend}_users\n", "a_10001_users"),
        ("frontend users\n", "users"),
        ("frontend {servicePort}\n", "10001"),
    ],
)
def test_a_label_that_names_the_frontend_after_the_backend_gets_another_name(head: str, frontend: str) -> None:
    made = sections(text(app("/a", {"FRONTEND_HEAD": head + HEAD}), dialect="portable"))
    assert {f"frontend {frontend}", "backend a_10001"} <= made.keys()
    assert made[f"frontend {frontend}"][-3:] == ["bind *:10001", "mode tcp", "use_backend a_10001"]


def test_marathon_lb_keeps_the_label_as_it_is() -> None:
    made = sections(text(app("/a", {"FRONTEND_HEAD": "frontend {backend}\n" + HEAD})))
    assert {"frontend a_10001", "backend a_10001"} <= made.keys()


def test_an_operators_templates_are_told_apart_too() -> None:
    environ = {
        "HAPROXY_FRONTEND_HEAD": "frontend {backend}\\n  bind *:{servicePort}\\n  mode {mode}\\n",
        "HAPROXY_HTTPS_GROUPED_VHOST_FRONTEND_HEAD": "frontend {name}\\n  mode http\\n  bind abns@{name}\\n",
    }
    one = app("/a", {"VHOST": "a.x"})
    made = sections(text(one, dialect="portable", group_https_by_vhost=True, environ=environ))
    assert {"frontend a_10001_in", "backend a_10001", "frontend a_x_in", "backend a_x"} <= made.keys()
