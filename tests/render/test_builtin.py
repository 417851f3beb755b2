"""Built-in templates that hold names and nothing else are filled without Jinja2, and come out the same."""

from __future__ import annotations

import re

import pytest

from lbgen.render import builtin

DIRECTORY = builtin.templates_directory()
TEMPLATES = sorted(str(path.relative_to(DIRECTORY)) for path in DIRECTORY.glob("*/*.j2"))
PLAIN = [name for name in TEMPLATES if not re.search(r"\{[%#]", (DIRECTORY / name).read_text())]


def test_there_are_such_templates() -> None:
    assert len(PLAIN) > 50


@pytest.mark.parametrize("name", PLAIN)
def test_they_come_out_as_from_jinja(name: str) -> None:
    given = {word: f"<{word}>" for word in re.findall(r"\w+", (DIRECTORY / name).read_text())}
    expected = builtin._environment().get_template(name).render(given)
    assert builtin._filled(name, given) == expected


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(Exception, match="is undefined"):
        builtin._filled("marathon_lb/BACKEND_HEAD.j2", {})
