"""One app's servers are brought into a large text without the others, and what comes out is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lbgen.live.shortcut import Shortcut
from lbgen.pipeline.generate import from_apps
from lbgen.pipeline.inputs import Inputs
from lbgen.pipeline.options import Options
from tests.live.cluster import app, fleet

if TYPE_CHECKING:
    from lbgen.marathon.apps import MarathonApp

OTHERS = [app("a", port=10010), app("z", port=10020, tasks=3)]


def read(given: dict[str, Any]) -> MarathonApp:
    found = fleet(given)[given["id"]].app
    assert found is not None
    return found


def whole(options: Options, *given: dict[str, Any]) -> str:
    made = from_apps(Inputs([read(each) for each in given]), options)
    assert made.rendered is not None
    return made.rendered.text


@pytest.mark.parametrize("maps", [False, True])
@pytest.mark.parametrize("tasks", [1, 2, 5])
@pytest.mark.parametrize("labels", [{}, {"HAPROXY_0_VHOST": "w.example"}, {"HAPROXY_0_STICKY": "true"}])
def test_the_text_is_the_one_that_everything_together_makes(maps: bool, tasks: int, labels: dict[str, str]) -> None:
    options = Options(haproxy_map=maps)
    old, new = app("web", tasks=3), app("web", tasks=tasks)
    for each in (old, new):
        each["labels"] |= labels
    patch = Shortcut(options).patch(read(old), read(new), whole(options, old, *OTHERS))
    assert patch is not None
    assert patch.text == whole(options, new, *OTHERS)
    assert patch.more_servers == tasks - 3


def test_what_is_equal_changes_nothing() -> None:
    web = app("web")
    patch = Shortcut(Options()).patch(read(web), read(web), whole(Options(), web, *OTHERS))
    assert patch is not None
    assert patch.empty


@pytest.mark.parametrize(
    "new",
    [
        app("web", tasks=0),
        app("web", HAPROXY_0_VHOST="w.example"),
        app("web", port=10001),
        app("web", "unwritable"),
        app("web", tasks=2, HAPROXY_DEPLOYMENT_GROUP="site"),
    ],
    ids=["no task left", "another vhost", "another port", "a mistake", "a deployment group"],
)
def test_everything_else_takes_the_long_way(new: dict[str, Any]) -> None:
    web = app("web")
    assert Shortcut(Options()).patch(read(web), read(new), whole(Options(), web, *OTHERS)) is None


def test_a_text_that_does_not_hold_the_old_form_takes_the_long_way() -> None:
    old, other = app("web"), app("web", HAPROXY_0_STICKY="true")
    text = whole(Options(), other, *OTHERS)
    assert Shortcut(Options()).patch(read(old), read(app("web", tasks=2)), text) is None


def test_apps_of_other_groups_change_nothing() -> None:
    strange = app("web", HAPROXY_GROUP="internal")
    patch = Shortcut(Options()).patch(None, read(strange), whole(Options(), *OTHERS))
    assert patch is not None
    assert patch.empty
