"""Deployment groups, fact by fact, in what both dialects write: who is merged, what of whom counts, what drains."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.fleets import about, app, generate, section, sections, task, text

FIRST, SECOND, THIRD = "2020-01-01T00:00:00", "2020-01-02T00:00:00", "2020-01-03T00:00:00"
HEALTHY = [{"alive": True}]


def colour(name: str, port: int, tasks: int = 1, instances: int | None = None, **labels: str) -> dict[str, Any]:
    """A colour of the app /web; labels are HAPROXY_DEPLOYMENT_<key>, or say HAPROXY themselves."""
    named = {key if key.startswith("HAPROXY") else f"HAPROXY_DEPLOYMENT_{key}": value for key, value in labels.items()}
    made = [task(f"10.{port % 10}.0.{number}", id=f"{name}.{number}") for number in range(1, tasks + 1)]
    fields: dict[str, Any] = {"tasks": made, "instances": tasks if instances is None else instances}
    return app(f"/web-{name}", {"HAPROXY_DEPLOYMENT_GROUP": "web", **named}, port, **fields)


@pytest.fixture(params=["marathon-lb", "portable"])
def dialect(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"dialect": request.param}


def servers(header: str, *apps: dict[str, Any], **options: Any) -> list[str]:
    """The address of each server without its port, and whether it is draining."""
    lines = section(header, *apps, **options)
    assert lines, f"no {header}"
    words = [line.split() for line in lines if line.startswith("server ")]
    return [f"{each[2].partition(':')[0]}{' drains' if each[-1] == 'disabled' else ''}" for each in words]


class TestTheId:
    def test_is_the_groups_wherever_the_app_is_named(self, dialect: dict[str, Any]) -> None:
        lone = colour("blue", 10001, HAPROXY_0_MODE="http", HAPROXY_0_VHOST="a.example")
        made = sections(text(lone, **dialect))
        assert "backend web_10001" in made
        assert made["frontend marathon_http_in"][-1] == "use_backend web_10001 if host_a_example_web"
        assert made["frontend marathon_http_appid_in"][-2:] == [
            "acl app__web hdr(x-marathon-app-id) -i /web",
            "use_backend web_10001 if app__web",
        ]

    def test_is_the_one_that_ports_by_hash_are_made_of(self, dialect: dict[str, Any]) -> None:
        container = {"ipAddress": {"discovery": {"ports": [{"number": 80}]}}}
        lone = colour("blue", 10001) | container
        del lone["ports"]
        lone["tasks"] = [task(ipAddresses=[{"ipAddress": "9.0.0.7"}])]
        alone = app("/web", {}, **container, tasks=lone["tasks"])
        del alone["ports"]
        (merged,), (plain,) = (generate(each, **dialect).services for each in (lone, alone))
        assert merged.port == plain.port


class TestMerging:
    def test_goes_on_with_what_came_of_the_first_two(self, dialect: dict[str, Any]) -> None:
        """/web-b drains for /web-c what the result of /web-a and /web-b has to drain."""
        a, b, c = (
            colour(name, port, 2, STARTED_AT=date)
            for name, port, date in (("a", 10001, FIRST), ("b", 10002, SECOND), ("c", 10003, THIRD))
        )
        assert servers("backend web_10001", a, b, c, **dialect) == [
            "10.1.0.1 drains",
            "10.1.0.2 drains",
            "10.2.0.1",
            "10.2.0.2",
            "10.3.0.1",
            "10.3.0.2",
        ]

    def test_is_done_anew_for_every_generation(self, dialect: dict[str, Any]) -> None:
        """An app at fault has everything generated again; no server is there twice for that."""
        faulty = app("/bad", {"FRONTEND_HEAD": "{nothing}"}, 10009)
        colours = colour("a", 10001, 2, STARTED_AT=FIRST), colour("b", 10002, 2, STARTED_AT=SECOND)
        result = generate(*colours, faulty, **dialect)
        assert result.left_out == 1
        (service,) = result.services
        assert [server.draining for server in service.servers] == [True, True, False, False]

    def test_leaves_labels_ports_and_checks_of_the_new_colour_out(self, dialect: dict[str, Any]) -> None:
        old = colour("a", 10001, STARTED_AT=FIRST, HAPROXY_0_VHOST="old.example", HAPROXY_0_MODE="http")
        new = colour("b", 10002, STARTED_AT=SECOND, HAPROXY_0_VHOST="new.example", HAPROXY_0_STICKY="true")
        new["healthChecks"] = [{"protocol": "TCP", "portIndex": 0}]
        made = text(old, new, **dialect)
        assert "old.example" in made
        assert "new.example" not in made
        assert "10002" not in made
        backend = " ".join(sections(made)["backend web_10001"])
        assert not {"cookie", "check"} & set(backend.split())

    def test_comes_behind_all_other_apps(self) -> None:
        """Who comes first has the better choice of ports by hash."""
        discovery = {"ipAddress": {"discovery": {"ports": [{"number": 80}]}}}
        colours = [colour("a", 1, STARTED_AT=FIRST), colour("b", 1, STARTED_AT=SECOND)]
        other = app("/web-c", {}, **discovery, tasks=[task(ipAddresses=[{"ipAddress": "9.0.0.9"}])])
        for each in colours:
            each.update(discovery, tasks=[task(ipAddresses=[{"ipAddress": "9.0.0.7"}])])
        for each in (*colours, other):
            del each["ports"]
        result = generate(*colours, other, auto_ports=(10050, 10050))
        assert [service.app.id for service in result.services] == ["/web-c"]

    def test_does_not_depend_on_where_the_colours_stand_where_they_have_dates(self, dialect: dict[str, Any]) -> None:
        fleet = [
            colour("a", 10001, 2, STARTED_AT=FIRST),
            colour("b", 10002, 2, STARTED_AT=SECOND),
            *(app(f"/x{number}", {}, 10010 + number) for number in range(3)),
        ]
        shuffled = list(fleet)
        random.Random(7).shuffle(shuffled)
        assert text(*shuffled, **dialect) == text(*fleet, **dialect)


class TestDraining:
    def test_takes_tasks_in_the_order_of_their_ids(self, dialect: dict[str, Any]) -> None:
        old = colour("a", 10001, 3, STARTED_AT=FIRST)
        for each, name in zip(old["tasks"], ("z", "m", "b"), strict=True):
            each["id"] = name
        made = servers("backend web_10001", old, colour("b", 10002, STARTED_AT=SECOND), **dialect)
        assert made == ["10.1.0.1", "10.1.0.2", "10.1.0.3 drains", "10.2.0.1"]

    @pytest.mark.parametrize(
        ("old", "new", "target", "drained"),
        [
            # The tasks that there are, the instances that there should be, those of the new colour, and the target.
            ((3, 3), 1, None, 1),
            ((3, 3), 2, None, 2),
            ((3, 3), 5, None, 3),
            ((3, 3), 1, "3", 1),
            ((3, 3), 1, "4", 0),
            ((3, 3), 2, "4", 1),
            ((3, 5), 2, "5", 2),
            ((3, 3), 0, None, 0),
            ((3, 0), 2, None, 1),
            ((3, 3), 1, "9", 0),
        ],
    )
    def test_is_what_new_and_old_have_beyond_the_target(
        self, old: tuple[int, int], new: int, target: str | None, drained: int, dialect: dict[str, Any]
    ) -> None:
        labels: dict[str, Any] = {} if target is None else {"NEW_INSTANCES": "0", "TARGET_INSTANCES": target}
        colours = (
            colour("a", 10001, *old, STARTED_AT=FIRST),
            colour("b", 10002, new, STARTED_AT=SECOND, **labels),
        )
        for day, each in enumerate(colours, 1):
            each["versionInfo"] = {"lastScalingAt": f"2020-01-0{day}T00:00:00Z"}
        made = servers("backend web_10001", *colours, **dialect)
        assert len([each for each in made if each.endswith("drains")]) == drained

    def test_does_not_look_at_a_target_without_new_instances(self, dialect: dict[str, Any]) -> None:
        old = colour("a", 10001, 3, STARTED_AT=FIRST)
        new = colour("b", 10002, 2, STARTED_AT=SECOND, TARGET_INSTANCES="5")
        assert servers("backend web_10001", old, new, **dialect)[:2] == ["10.1.0.1 drains", "10.1.0.2 drains"]

    def test_counts_the_new_ones_health_by_the_checks_of_the_one_listed_later(self, dialect: dict[str, Any]) -> None:
        """The old colour is listed later, and has checks: what counts is the health of the new one's tasks."""
        old = colour("a", 10001, 2, STARTED_AT=FIRST) | {"healthChecks": [{"protocol": "COMMAND"}]}
        new = colour("b", 10002, 2, STARTED_AT=SECOND)
        assert servers("backend web_10001", new, old, **dialect)[:2] == ["10.1.0.1", "10.1.0.2"]
        new["tasks"][0]["healthCheckResults"] = [{"alive": False}, *HEALTHY]
        assert servers("backend web_10001", new, old, **dialect)[:2] == ["10.1.0.1 drains", "10.1.0.2"]
        assert servers("backend web_10001", old, new, **dialect)[:2] == ["10.1.0.1 drains", "10.1.0.2 drains"]

    def test_does_not_depend_on_whether_tasks_must_pass_checks(self, dialect: dict[str, Any]) -> None:
        old, new = colour("a", 10001, 2, STARTED_AT=FIRST), colour("b", 10002, STARTED_AT=SECOND)
        for each in (old, new):
            each["healthChecks"] = [{"protocol": "COMMAND"}]
        for each in (*old["tasks"], *new["tasks"]):
            each["healthCheckResults"] = HEALTHY
        for required in (False, True):
            made = servers("backend web_10001", old, new, health_check=required, **dialect)
            assert made == ["10.1.0.1 drains", "10.1.0.2", "10.2.0.1"]


def test_a_date_that_is_not_there_has_no_zone(dialect: dict[str, Any]) -> None:
    result = generate(colour("a", 10001, STARTED_AT=f"{FIRST}Z"), colour("b", 10002), **dialect)
    assert about(result, "bad-deployment-group") == [
        "HAPROXY_DEPLOYMENT_STARTED_AT has a time zone where the other colour's has none, or the other way round"
    ]


def test_labels_of_the_old_colour_are_applied_and_only_these(dialect: dict[str, Any]) -> None:
    """What the new colour's load-balancer group is makes no difference."""
    old = colour("a", 10001, STARTED_AT=FIRST, HAPROXY_GROUP="external")
    new = colour("b", 10002, STARTED_AT=SECOND, HAPROXY_GROUP="internal")
    assert servers("backend web_10001", old, new, groups=("external",), **dialect) == ["10.1.0.1 drains", "10.2.0.1"]
    assert generate(old, new, groups=("internal",), **dialect).rendered is None


def test_each_server_knows_whose_task_it_is() -> None:
    (service,) = generate(colour("a", 10001, STARTED_AT=FIRST), colour("b", 10002, STARTED_AT=SECOND)).services
    assert [server.colour for server in service.servers] == ["/web-a", "/web-b"]
    (alone,) = generate(app("/x")).services
    assert [server.colour for server in alone.servers] == [None]
