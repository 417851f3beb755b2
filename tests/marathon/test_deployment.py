"""Deployment groups: two colours of an app become one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleets import about, app, generate, section, sections, task, text

HEALTHY = [{"alive": True}]


def colour(name: str, port: int, hosts: list[str], **labels: str) -> dict[str, Any]:
    """One colour of the app /web; labels are HAPROXY_DEPLOYMENT_<key>."""
    named = {"HAPROXY_DEPLOYMENT_GROUP": "web"} | {f"HAPROXY_DEPLOYMENT_{key}": value for key, value in labels.items()}
    tasks = [task(host, id=f"{name}{number}") for number, host in enumerate(hosts)]
    return app(f"/web-{name}", named, port, tasks=tasks, instances=len(hosts))


def blue(**labels: str) -> dict[str, Any]:
    return colour("blue", 10001, ["10.0.0.1", "10.0.0.2"], **labels)


def green(**labels: str) -> dict[str, Any]:
    return colour("green", 10002, ["10.0.1.1"], **labels)


def scaled(made: dict[str, Any], day: int) -> dict[str, Any]:
    return made | {"versionInfo": {"lastScalingAt": f"2020-01-0{day}T00:00:00Z"}}


FIRST, SECOND = "2020-01-01T00:00:00", "2020-01-02T00:00:00"


def servers(header: str, *apps: dict[str, Any]) -> list[str]:
    """Host and last word of each server: `disabled` where it is draining."""
    lines = section(header, *apps)
    assert lines, f"no {header}"
    words = [line.split() for line in lines if line.startswith("server ")]
    return [f"{each[2].partition(':')[0]}{' disabled' if each[-1] == 'disabled' else ''}" for each in words]


class TestAge:
    def test_the_one_that_began_first_is_old_and_gives_its_port(self) -> None:
        made = servers("backend web_10001", blue(STARTED_AT=FIRST), green(STARTED_AT=SECOND))
        assert made == ["10.0.0.1 disabled", "10.0.0.2", "10.0.1.1"]

    def test_the_order_of_the_list_does_not_matter_then(self) -> None:
        made = servers("backend web_10001", green(STARTED_AT=SECOND), blue(STARTED_AT=FIRST))
        assert made == ["10.0.0.1 disabled", "10.0.0.2", "10.0.1.1"]

    def test_without_dates_the_first_of_the_list_is_new(self) -> None:
        made = servers("backend web_10002", blue(), green())
        assert made == ["10.0.0.1", "10.0.0.2", "10.0.1.1 disabled"]

    def test_without_one_date_that_colour_is_old(self) -> None:
        assert servers("backend web_10001", green(STARTED_AT=FIRST), blue())[0] == "10.0.0.1 disabled"

    def test_a_date_may_be_written_in_many_ways(self) -> None:
        made = servers("backend web_10001", blue(STARTED_AT="1 January 2020"), green(STARTED_AT="20200102T00"))
        assert made == ["10.0.0.1 disabled", "10.0.0.2", "10.0.1.1"]


class TestDraining:
    def test_goes_on_to_the_target_of_a_hybrid_deployment(self) -> None:
        new = green(STARTED_AT=SECOND, NEW_INSTANCES="1", TARGET_INSTANCES="3")
        made = servers("backend web_10001", scaled(blue(STARTED_AT=FIRST), 1), scaled(new, 2))
        assert made == ["10.0.0.1", "10.0.0.2", "10.0.1.1"]

    def test_changes_roles_where_the_old_colour_was_scaled_later(self) -> None:
        old = blue(STARTED_AT=FIRST, TARGET_INSTANCES="3")
        new = green(STARTED_AT=SECOND, NEW_INSTANCES="0", TARGET_INSTANCES="2")
        made = servers("backend web_10002", scaled(old, 2), scaled(new, 1))
        assert made == ["10.0.0.1", "10.0.0.2", "10.0.1.1"]

    def test_keeps_roles_where_a_colour_has_yet_to_be_deployed(self) -> None:
        new = green(STARTED_AT=SECOND, NEW_INSTANCES="1", TARGET_INSTANCES="3")
        del new["tasks"]
        made = servers("backend web_10001", scaled(blue(STARTED_AT=FIRST), 1), new)
        assert made == ["10.0.0.1", "10.0.0.2", "192.0.2.1"]

    def test_counts_healthy_tasks_where_the_app_listed_later_has_checks(self) -> None:
        sick = green(STARTED_AT=SECOND) | {"healthChecks": [{"protocol": "COMMAND"}]}
        well = sick | {"tasks": [task("10.0.1.1", healthCheckResults=HEALTHY)]}
        assert servers("backend web_10001", blue(STARTED_AT=FIRST), sick)[0] == "10.0.0.1"
        assert servers("backend web_10001", blue(STARTED_AT=FIRST), well)[0] == "10.0.0.1 disabled"

    def test_never_takes_more_tasks_than_there_are(self) -> None:
        new = green(STARTED_AT=SECOND) | {"instances": 9}
        made = servers("backend web_10001", blue(STARTED_AT=FIRST), new)
        assert made == ["10.0.0.1 disabled", "10.0.0.2 disabled", "10.0.1.1"]


def test_a_lone_member_gets_the_name_of_its_group() -> None:
    assert "backend web_10001" in sections(text(blue()))


def test_a_slash_in_front_of_the_group_changes_nothing() -> None:
    labels = {"HAPROXY_DEPLOYMENT_GROUP": "/web"}
    assert sections(text(blue() | {"labels": labels})) == sections(text(blue()))


NOT_A_DATE = 'HAPROXY_DEPLOYMENT_STARTED_AT should be a date, is "soon"'


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            blue(),
            colour("green", 10002, [], GROUP=""),
            "HAPROXY_DEPLOYMENT_GROUP is empty; it should name the app that both colours are",
        ),
        (blue(), green(STARTED_AT="soon"), NOT_A_DATE),
        (
            blue(STARTED_AT=FIRST),
            green(STARTED_AT=f"{SECOND}Z"),
            "HAPROXY_DEPLOYMENT_STARTED_AT has a time zone where the other colour's has none, or the other way round",
        ),
        (
            scaled(blue(STARTED_AT=FIRST), 1),
            scaled(green(STARTED_AT=SECOND, NEW_INSTANCES="1"), 2),
            "HAPROXY_DEPLOYMENT_NEW_INSTANCES needs HAPROXY_DEPLOYMENT_TARGET_INSTANCES beside it",
        ),
        (
            scaled(blue(STARTED_AT=FIRST), 1),
            scaled(green(STARTED_AT=SECOND, NEW_INSTANCES="1", TARGET_INSTANCES="all"), 2),
            'HAPROXY_DEPLOYMENT_TARGET_INSTANCES should be a whole number, is "all"',
        ),
        (
            blue(STARTED_AT=FIRST),
            green(STARTED_AT=SECOND, NEW_INSTANCES="1", TARGET_INSTANCES="2"),
            "HAPROXY_DEPLOYMENT_NEW_INSTANCES needs versionInfo.lastScalingAt of both colours, which /web-blue lacks",
        ),
    ],
)
def test_what_cannot_be_merged_leaves_one_colour_out(first: Any, second: Any, message: str) -> None:
    result = generate(first, second)
    assert about(result, "bad-deployment-group") == [message]
    assert result.left_out == 1
    assert result.rendered is not None
    assert "backend web_10001" in sections(result.rendered.text)
    assert "10.0.1.1" not in result.rendered.text


def test_a_colour_without_instances_is_said_to_lack_them() -> None:
    lacking = {key: value for key, value in green(STARTED_AT=SECOND).items() if key != "instances"}
    result = generate(blue(STARTED_AT=FIRST), lacking)
    assert about(result, "bad-deployment-group") == ['HAPROXY_DEPLOYMENT_GROUP needs the "instances" of both colours']


def test_a_group_that_no_section_can_be_named_after_is_refused() -> None:
    result = generate(colour("blue", 10001, ["10.0.0.1"], GROUP="web\nbackend x"), app("/b"))
    (message,) = about(result, "bad-deployment-group")
    assert message.startswith("HAPROXY_DEPLOYMENT_GROUP names an app, and holds the character U+000A")
    assert result.rendered is not None
    assert "backend x" not in sections(result.rendered.text)
