"""What the load balancer's own process knows is not for an app's label to tell."""

from __future__ import annotations

import pytest

from lbgen.model.blanks import TemplateFault
from lbgen.render.override import check_override

LEAKS = [
    ('  http-request set-header X "%[env(HOME)]"\n', "asks for the load balancer's environment"),
    ('  http-request set-header X "$HOME"\n', "holds a variable, which stands for something of the load balancer's"),
    ('  log-format "a ${HOME}"\n', "holds a variable, which stands for something of the load balancer's"),
]


@pytest.mark.parametrize(("text", "problem"), LEAKS)
def test_a_label_asks_for_nothing_of_the_process(text: str, problem: str) -> None:
    with pytest.raises(TemplateFault, match=problem):
        check_override(text, "")


@pytest.mark.parametrize("text", ["  http-request set-header X $HOME\n", "  http-request set-header X '$HOME'\n"])
def test_a_dollar_that_stands_for_itself_is_fine(text: str) -> None:
    check_override(text, "")
