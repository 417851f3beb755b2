"""Built-in templates that hold little logic are filled without Jinja2, and come out the same."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

from lbgen.render import builtin
from lbgen.render.plain import BeyondPlainError, filled

DIRECTORY = builtin.templates_directory()
TEMPLATES = sorted(str(path.relative_to(DIRECTORY)) for path in DIRECTORY.glob("*/*.j2"))
FOR_JINJA = ["edge_lb/HEAD.j2", "edge_lb/RESOLVERS.j2"]
SWITCHES = ("rules", "sni", "host_header", "stats_socket", "state_dir", "lua_dir", "nameservers")


def read(path: str) -> str:
    return (DIRECTORY / path).read_text(encoding="utf-8")


def values(name: str) -> list[dict[str, Any]]:
    """All that a template may be given: every dialect, every constant there or not, every blank."""
    words = set(re.findall(r"\w+", read(name)))
    asked = [switch for switch in SWITCHES if switch in words]
    choices = [dict.fromkeys(off) for count in range(len(asked) + 1) for off in itertools.combinations(asked, count)]
    always = {word: f"<{word}>" for word in words} | {"options": ["abc", "def"]}
    # What is asked for by templates that others include.
    always |= {"status_socket": "<status_socket>", "signals_for_all": ""}
    return [always | {"dialect": d} | off for d in ("portable", "marathon-lb", "edge-lb") for off in choices]


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in FOR_JINJA])
def test_they_come_out_as_from_jinja(name: str) -> None:
    for given in values(name):
        assert filled(read(name), given, read) == builtin._environment().get_template(name).render(given)


@pytest.mark.parametrize("name", FOR_JINJA)
def test_others_are_left_to_jinja(name: str) -> None:
    given = values(name)[0]
    with pytest.raises(BeyondPlainError):
        filled(read(name), given, read)
    assert builtin._filled(name, given) == builtin._environment().get_template(name).render(given)


PLAIN = [
    "",
    "a {{ x }} b\n",
    "{{ x }}\n{{ x }}",
    "  {% if x %}\n  yes\n  {% endif %}\n\nend",
    "a {% if no %} yes {% else %} no {% endif %}  \nend\n",
    "{% if x == 'X' %}\none\n{% else %}\nother\n{% endif %}\n",
    "{% if no or x == 'Y' or more %}\none\n{% endif %}\n",
    "{% if no %}\n{% if x %}\nboth\n{% else %}\none\n{% endif %}\n{% else %}\nnone\n{% endif %}\n",
    "{% for each in more %}\n  {{ each }} of {{ x }}\n{% endfor %}\n",
    "{% for each in no %}{{ each }}{% endfor %}{% for x in more %}{% if x == 'b' %}{{ x }}{% endif %}{% endfor %}",
    "  {# a\n comment {{ x }} #}  \n  b {# another #}\nc",
    '{% include "other" %}\nend\n',
    'in {% include "other" %}',
    "{% for x in more %}{% include 'other' %}{% endfor %}",
    "{% if no %}{{ unknown }}{% endif %}",
    "{{x}} {{  x  }}",
    "{{ x|upper }} { x } }} %}",
    "{% if no %}a{% elif x %}b{% else %}c{% endif %}",
    "{% if x and more %}a{% endif %}{% if not no %}b{% endif %}",
    "{% set y = x %}{{ y }}",
    "{%- if x -%}  a  {%- endif -%}  b",
    "{% for each in more %}{{ loop.index }}{{ each }}{% else %}none{% endfor %}",
    "{% raw %}{{ x }}{% endraw %}",
]


@pytest.mark.parametrize("text", PLAIN)
def test_any_template_comes_out_as_from_jinja(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"it": text, "other": "other {{ x }}\n"}
    given = {"x": "X", "no": (), "more": ("a", "b")}
    environment = builtin._environment().overlay(loader=DictLoader(texts))
    monkeypatch.setattr(builtin, "_environment", lambda: environment)
    monkeypatch.setattr(builtin, "_read", texts.__getitem__)
    assert builtin._filled("it", given) == environment.get_template("it").render(given)


@pytest.mark.parametrize("text", ["{{ unknown }}", "{% if unknown %}{% endif %}", "{% for x in unknown %}{% endfor %}"])
def test_a_name_that_is_not_given_is_an_error(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = builtin._environment().overlay(loader=DictLoader({"it": text}))
    monkeypatch.setattr(builtin, "_environment", lambda: environment)
    monkeypatch.setattr(builtin, "_read", lambda _path: text)
    with pytest.raises(UndefinedError, match="'unknown' is undefined"):
        builtin._filled("it", {})


@pytest.mark.parametrize("text", ["{% endif %}", "{% if x %}", "{% for x in y %}{% endif %}", "{% if x %}{% else %}"])
def test_a_tag_without_its_other_half_is_left_to_jinja(text: str) -> None:
    with pytest.raises(BeyondPlainError):
        filled(text, {"x": 1, "y": ()}, read)
