"""Apps for tests, and what lbgen makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.haproxy.parse import parse
from lbgen.pipeline import Options, from_apps, from_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.finding import Finding
    from lbgen.pipeline import Generated

DOCUMENT = "fleet.json"
CHECK = {
    "protocol": "HTTP",
    "path": "/h",
    "portIndex": 0,
    "gracePeriodSeconds": 9,
    "intervalSeconds": 5,
    "timeoutSeconds": 2,
    "maxConsecutiveFailures": 3,
}


def app(app_id: str = "/a", labels: Mapping[str, str] | None = None, *ports: int, **fields: Any) -> dict[str, Any]:
    """A deployed app with a task on 10.0.0.1 that has host port 31001 for its first service port, and so on.

    Labels are `HAPROXY_0_<key>` unless they say HAPROXY themselves; fields replace what is made up.
    """
    named = {key if key.startswith("HAPROXY") else f"HAPROXY_0_{key}": value for key, value in (labels or {}).items()}
    ports = ports or (10001,)
    made = {
        "id": app_id,
        "ports": list(ports),
        "labels": named,
        "tasks": [task(ports=range(31001, 31001 + len(ports)))],
    }
    return made | fields


def task(host: str = "10.0.0.1", ports: Any = (31001,), **fields: Any) -> dict[str, Any]:
    """A task of an app."""
    return {"id": f"task-on-{host}", "host": host, "ports": list(ports)} | fields


def generate(*apps: Any, **options: Any) -> Generated:
    """What is generated for these apps, in the marathon-lb dialect and for all groups unless it is said."""
    given = {"dialect": "marathon-lb", "groups": ("*",), "hosts": {}} | options
    return from_apps(from_values(DOCUMENT, list(apps)), Options(**given))


def text(*apps: Any, **options: Any) -> str:
    """The configuration for these apps; fails where there is none."""
    rendered = generate(*apps, **options).rendered
    assert rendered is not None
    return rendered.text


def sections(configuration: str) -> dict[str, list[str]]:
    """The directives of each section by its header, blanks collapsed."""
    found: dict[str, list[str]] = {}
    for section in parse(configuration).sections:
        lines = [" ".join(directive.raw.split()) for directive in section.directives]
        found.setdefault(section.header, []).extend(lines)
    return found


def section(header: str, *apps: Any, **options: Any) -> list[str]:
    """The directives of one section of the configuration for these apps; empty where there is none."""
    return sections(text(*apps, **options)).get(header, [])


def rules(header: str, *apps: Any, **options: Any) -> list[str]:
    """The directives of a shared frontend behind its `bind` and `mode`."""
    return section(header, *apps, **options)[2:]


def said(findings: list[Finding]) -> list[str]:
    """Each finding as `severity[rule] message`."""
    return [f"{each.severity}[{each.rule}] {each.message}" for each in findings]


def about(generated: Generated, rule: str) -> list[str]:
    """The messages of the findings of a rule."""
    return [each.message for each in generated.findings if each.rule == rule]


HTTP, HTTPS, APP_IDS = "frontend marathon_http_in", "frontend marathon_https_in", "frontend marathon_http_appid_in"
