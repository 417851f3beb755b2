"""The templates of Edge-LB: each is used, and opens no line that is not its own."""

from __future__ import annotations

import pytest

from lbgen.edgelb.templates import TEMPLATES
from lbgen.render.builtin import builtin, templates_directory

CONSTANTS = {
    "lua_dir": None,
    "stats_socket": None,
    "state_dir": None,
    "patient": False,
    "nameservers": (),
    "rules": True,
    "sni": True,
    "host_header": False,
}


def test_every_file_is_a_template() -> None:
    assert {path.stem for path in (templates_directory() / "edge_lb").glob("*.j2")} == TEMPLATES.keys()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_blanks_of_the_dialects_are_those_that_are_known(name: str) -> None:
    found = [
        builtin("edge_lb", name, {"dialect": dialect, **CONSTANTS}, TEMPLATES[name].placeholders).names
        for dialect in ("portable", "edge-lb")
    ]
    assert frozenset().union(*found) == TEMPLATES[name].placeholders


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_ends_its_last_line(name: str) -> None:
    text = (templates_directory() / "edge_lb" / f"{name}.j2").read_text()
    assert text.endswith("\n")
