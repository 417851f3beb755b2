"""Which apps and service ports a load balancer serves: groups, and whether they are enabled."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.finding import Severity
from tests.fleets import about, app, generate, said, sections, task, text


def served(*apps: Any, **options: Any) -> list[str]:
    made = sections(text(*apps, **options))
    return [header.removeprefix("backend ") for header in made if header.startswith("backend ")]


def in_group(label: str | None, **labels: str) -> dict[str, Any]:
    return app("/a", ({} if label is None else {"HAPROXY_GROUP": label}) | labels)


BESIDE = app("/beside", {"HAPROXY_GROUP": "external,internal"}, 10009)


class TestGroups:
    @pytest.mark.parametrize(
        ("label", "groups", "taken"),
        [
            ("external", ("external",), True),
            ("internal,external", ("external",), True),
            ("internal, external", ("external",), False),
            ("External", ("external",), False),
            ("external", ("internal",), False),
            ("external", ("internal", "external"), True),
            ("*", ("external",), False),
            ("", ("external",), False),
            (None, ("external",), False),
            (None, ("*",), True),
            ("internal", ("*",), True),
        ],
    )
    def test_are_exact_names(self, label: str | None, groups: tuple[str, ...], taken: bool) -> None:
        assert ("a_10001" in served(in_group(label), BESIDE, groups=groups)) is taken

    @pytest.mark.parametrize(("label", "taken"), [("external", True), ("internal", False), ("", False)])
    def test_of_a_port_stand_in_place_of_the_apps(self, label: str, taken: bool) -> None:
        made = served(in_group("external", GROUP=label), BESIDE, groups=("external",))
        assert ("a_10001" in made) is taken

    def test_of_a_port_leave_the_other_ports_alone(self) -> None:
        labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_GROUP": "internal"}
        assert served(app("/c", labels, 10003, 10004), groups=("external",)) == ["c_10004"]

    def test_that_nobody_is_in_generate_nothing_and_say_what_there_is(self) -> None:
        result = generate(in_group("internal"), app("/b", {"HAPROXY_GROUP": "dmz"}), groups=("external",))
        assert result.rendered is None
        (finding,) = result.findings
        assert str(finding.severity) == "error"
        assert finding.message == 'none of the 2 apps is in the group "external": nothing is generated'
        assert finding.help == (
            'the label HAPROXY_GROUP names an app\'s groups: there are "dmz", "internal"; --group "*" takes all'
        )

    def test_that_one_app_is_not_in_are_told_to_that_app(self) -> None:
        (finding,) = generate(in_group(None), groups=("external", "dmz")).findings
        assert finding.message == 'the app is not in the group "external" or "dmz": nothing is generated'
        assert finding.help == 'the label HAPROXY_GROUP names an app\'s groups: no app has it; --group "*" takes all'
        assert finding.app == "/a"


TRUE = ["true", "TRUE", "t", "T", "yes", "Yes", "y", "Y"]
FALSE = ["false", "f", "no", "n", "0", "1", "on", "off", "enabled", " true", "true ", ""]


class TestEnabled:
    @pytest.mark.parametrize("strict", [False, True])
    @pytest.mark.parametrize(("value", "taken"), [*((each, True) for each in TRUE), *((each, False) for each in FALSE)])
    def test_is_true_for_few_words(self, value: str, taken: bool, strict: bool) -> None:
        made = served(app("/a", {"ENABLED": value}), app("/b", {"ENABLED": "true"}, 10002), strict_mode=strict)
        assert ("a_10001" in made) is taken

    def test_is_asked_for_in_strict_mode(self) -> None:
        assert served(app("/a"), app("/b", {"ENABLED": "true"}, 10002), strict_mode=True) == ["b_10002"]

    def test_is_taken_for_granted_otherwise(self) -> None:
        assert served(app("/a")) == ["a_10001"]

    def test_is_said_where_it_is_not(self) -> None:
        result = generate(app("/a", {"ENABLED": "1"}), app("/b", {}, 10002))
        assert about(result, "not-enabled") == ["port 10001 is not enabled; nothing is written for it"]
        assert result.left_out == 0


class TestHostsWithoutAddress:
    """A resolver that is out of order must not take an app away as if it had never asked."""

    def lost(self, app_id: str = "/lost", **fields: Any) -> dict[str, Any]:
        return app(app_id, {}, 10002) | {"tasks": [task("agent1"), task("agent2")]} | fields

    @pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
    def test_of_all_tasks_leave_the_app_out(self, dialect: str) -> None:
        result = generate(app("/a"), self.lost(), dialect=dialect)
        errors = [each for each in result.findings if each.severity is Severity.ERROR]
        assert said(errors) == [
            "error[unresolved-host] the app has tasks, and none of their hosts has an address; the app is left out"
        ]
        assert [each.app for each in errors] == ["/lost"]
        assert (result.names_left_out, served(app("/a"), self.lost())) == (["/lost"], ["a_10001"])

    @pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
    def test_of_all_apps_leave_nothing_to_write(self, dialect: str) -> None:
        result = generate(self.lost("/a"), self.lost("/b"), dialect=dialect)
        assert (result.rendered, result.left_out) == (None, 2)
        assert about(result, "no-app-in-group") == []

    @pytest.mark.parametrize(
        ("fields", "options"),
        [
            ({"tasks": [task("agent1"), task("10.0.0.9")]}, {}),
            ({"tasks": [task("agent1", state="TASK_STAGING")]}, {}),
            ({"labels": {"HAPROXY_0_ENABLED": "false"}}, {}),
            ({"labels": {"HAPROXY_GROUP": "internal"}}, {"groups": ("external",)}),
        ],
        ids=["of some tasks", "of tasks that do not run", "of a port that is not enabled", "of another group's app"],
    )
    def test_do_no_harm(self, fields: dict[str, Any], options: dict[str, Any]) -> None:
        good = app("/a", {"HAPROXY_GROUP": "external"})
        assert generate(good, self.lost(**fields), **options).left_out == 0

    def test_are_not_counted_twice_where_another_app_is_at_fault(self) -> None:
        bad = app("/bad", {"FRONTEND_BACKEND_GLUE": "  use_backend {nope}\n"}, 10003)
        assert generate(app("/a"), self.lost(), bad).names_left_out == ["/bad", "/lost"]


def test_the_load_balancer_passes_itself_over() -> None:
    made = served(app("/lb/external"), app("/b"), environ={"FRAMEWORK_NAME": "lb/external"})
    assert made == ["b_10001"]


def test_services_come_in_the_order_of_app_ids_and_service_ports() -> None:
    apps = [app("/b", {}, 10001), app("/a-b", {}, 10001), app("/a", {"HAPROXY_1_PORT": "9000"}, 10009, 10002)]
    assert served(*apps) == ["a_9000", "a_10009", "a-b_10001", "b_10001"]


def test_an_app_without_service_port_is_served_by_a_configuration_without_it() -> None:
    result = generate({"id": "/a", "labels": {}, "portDefinitions": [], "tasks": []})
    assert result.rendered is not None
    assert about(result, "no-service-port") == ["the app has no service port; nothing is written for it"]
