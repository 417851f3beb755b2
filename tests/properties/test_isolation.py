"""Whatever one app holds: no traceback, and every other app has the directives that it would have had without it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.marathon.deployment import GROUP
from tests.fleets import about, generate
from tests.properties import examples
from tests.properties.hostile import IDS, ORDINARY, PLAIN, hostile

if TYPE_CHECKING:
    from lbgen.pipeline import Generated

OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "grouped": {"group_https_by_vhost": True},
    "healthy": {"health_check": True},
}


class Line(NamedTuple):
    """A line of the configuration, the section it is in, and the app that made it."""

    section: str
    text: str
    app: str | None


def lines(generated: Generated) -> list[Line]:
    """Every line that says something, blanks collapsed."""
    assert generated.rendered is not None
    text, source_map = generated.rendered.text, generated.rendered.source_map
    found = []
    for section in parse(text).sections:
        header = source_map.because(section.line)
        found.append(Line(section.header, section.header, header.app if header else None))
        for directive in section.directives:
            because = source_map.because(directive.line)
            found.append(Line(section.header, " ".join(directive.raw.split()), because.app if because else None))
    return found


@cache
def before(dialect: str, options: str) -> list[Line]:
    """The lines without the hostile app."""
    return lines(generate(*ORDINARY, dialect=dialect, **OPTIONS[options]))


# What the portable dialect may add: names of ACLs told apart by the service port, and routes that a redirect spares.
_TOLD_APART = re.compile(r"\b((?:host|app|auth)_\S+?)_(2000\d)(?=\s|$)")


def comparable(line: Line) -> Line:
    """The line without what documented deviations may add to it."""
    text = _TOLD_APART.sub(r"\1", line.text)
    return line._replace(text="redirect" if text.startswith("redirect scheme https") else text)


def others(all_lines: list[Line], app: dict[str, Any], dialect: str) -> list[Line]:
    """The lines that are not the hostile app's."""
    found = [line for line in all_lines if line.app not in names(app)]
    return [comparable(line) for line in found] if dialect == "portable" else found


def other_id(app: dict[str, Any], dialect: str) -> bool:
    """Whether the app has an id of its own, and makes no name that Marathon-LB would give to two apps."""
    taken = {each.strip("/") for each in IDS}
    group = app["labels"].get(GROUP)
    if app["id"].strip("/") in taken or app["id"] == "":
        return False
    if dialect == "portable":
        return True
    cleaned = {re.sub(r"[^A-Za-z0-9]", "_", each) for each in taken}
    named = [app["id"], group or ""]
    return not any(re.sub(r"[^A-Za-z0-9]", "_", each.strip("/")) in cleaned for each in named)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
@examples(50)
@given(evil=hostile(), place=st.integers(0, len(ORDINARY)))
@example(evil=PLAIN, place=0)
def test_every_other_app_is_served_as_without_it(dialect: str, options: str, evil: dict[str, Any], place: int) -> None:
    assume(other_id(evil, dialect))
    fleet = [*ORDINARY[:place], evil, *ORDINARY[place:]]
    generated = generate(*fleet, dialect=dialect, **OPTIONS[options])
    assert about(generated, "internal-error") == []
    made = lines(generated)
    expected = before(dialect, options)
    if dialect == "portable":
        expected = [comparable(line) for line in expected]
    kept = others(made, evil, dialect)
    assert [line for line in kept if line.app] == [line for line in expected if line.app]
    assert_own_lines_stay(kept, expected, grouped=options == "grouped")
    assert_in_its_place(made, evil)
    assert_no_section_too_many(made, evil, sum(service.app.written in names(evil) for service in generated.services))


def assert_own_lines_stay(made: list[Line], expected: list[Line], *, grouped: bool) -> None:
    """The lines of no app are the same; with groups by vhost, those of further vhosts are added."""
    now, then = ([line for line in each if line.app is None] for each in (made, expected))
    if not grouped:
        assert now == then
        return
    rest = iter(now)
    # Certificates and bind options of a vhost are those of all of its services.
    assert all(line in rest for line in then if not line.text.startswith("bind abns@"))


def assert_in_its_place(made: list[Line], evil: dict[str, Any]) -> None:
    """The lines of the hostile app stand in sections that it opened, or that are nobody's."""
    owners = {line.section: line.app for line in made if line.text == line.section}
    mine = [line for line in made if line.app in names(evil)]
    assert [line for line in mine if owners[line.section] not in {None, *names(evil)}] == []
    assert {line.section.split()[0] for line in mine} <= {"frontend", "backend", "userlist"}


def assert_no_section_too_many(made: list[Line], evil: dict[str, Any], services: int) -> None:
    """Each service of the hostile app has at most a frontend, a backend, and a list of users."""
    mine = Counter(line.text.split()[0] for line in made if line.text == line.section and line.app in names(evil))
    assert max(mine.values(), default=0) <= services


def names(app: dict[str, Any]) -> set[str]:
    """The ids that the app may be known by."""
    return {app["id"], f"/{app['id']}"}


@pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
@examples(30)
@given(evil=hostile(), unsafe=st.booleans(), haproxy_map=st.booleans())
def test_nothing_is_a_traceback(dialect: str, evil: dict[str, Any], unsafe: bool, haproxy_map: bool) -> None:
    made = generate(*ORDINARY, evil, dialect=dialect, unsafe_templates=unsafe, haproxy_map=haproxy_map)
    assert about(made, "internal-error") == []
    assert made.rendered is not None
    for line in range(1, made.rendered.text.count("\n") + 2):
        made.rendered.source_map.origin(line)
    if not unsafe:
        made.rendered.text.encode()
