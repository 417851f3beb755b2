"""Apps that are a Marathon-LB."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lbgen.marathon.apps import MarathonApp

_CALLED = "marathon-lb"


def is_marathon_lb(app: MarathonApp) -> bool:
    """Whether the app runs the image of a Marathon-LB, from whichever registry, or is called one."""
    docker = _dict(_dict(app.fields.get("container")).get("docker"))
    image = docker.get("image")
    name = image.rpartition("/")[2].partition("@")[0].partition(":")[0] if isinstance(image, str) else ""
    return _CALLED in {name, app.id.rstrip("/").rpartition("/")[2]}


def groups_of(app: MarathonApp) -> frozenset[str]:
    """The groups that its arguments tell it to expose, empty where they do not say which."""
    args = app.fields.get("args")
    words = [word for word in args if isinstance(word, str)] if isinstance(args, list) else []
    named = {after for word, after in pairwise(words) if word == "--group"}
    return frozenset(named | {word.partition("=")[2] for word in words if word.startswith("--group=")})


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
