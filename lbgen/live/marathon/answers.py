"""Whether an answer is what was asked for: the text of one that is, a reason for any other."""

from __future__ import annotations

import codecs
import gc
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import jiter

from lbgen.live.marathon.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.live.marathon.exchange import Answer


class Read(NamedTuple):
    """The text of an answer, and what it says."""

    text: str
    value: dict[str, Any]


def read_apps(answer: Answer) -> Read:
    """A list of apps with their tasks; raises Unusable where the answer is none."""
    text, value = _read(answer)
    apps = value.get("apps")
    if not isinstance(apps, list):
        raise Unusable("answers without a list of apps")
    if apps and not any(isinstance(app, dict) and isinstance(app.get("tasks"), list) for app in apps):
        raise Unusable("answers with apps and without their tasks")
    lacking = [app for app in apps if isinstance(app, dict) and app.get("tasks") is None]
    if lacking:
        # Nobody may take such an app for a definition, whose tasks are still to come.
        for app in lacking:
            app["tasks"] = []
        text = json.dumps(value)
    return Read(text, value)


def read_app(answer: Answer, app_id: str) -> Read:
    """An answer about this app; raises Unusable where it is about another, or about none."""
    text, value = _read(answer)
    app = value.get("app")
    if not isinstance(app, dict) or app.get("id") != app_id:
        raise Unusable("answers without the app that it was asked for")
    if not isinstance(app.get("tasks"), list):
        raise Unusable("answers with the app and without its tasks")
    return Read(text, value)


def _read(answer: Answer) -> Read:
    if answer.status_code != 200:
        raise Unusable(f"answers {answer.status_code}")
    if not answer.content.strip():
        raise Unusable("answers with nothing")
    try:
        text = answer.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("answers in what is not UTF-8") from None
    if not isinstance(value := _value(text, answer), dict):
        raise Unusable("answers without a list of apps")
    return Read(text, value)


def _value(text: str, answer: Answer) -> Any:
    try:
        with _undisturbed():
            return jiter.from_json(answer.content.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False)
    except ValueError:
        pass
    try:
        # It takes what is half a character.
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unusable(_no_json(text, answer)) from None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Nobody looks for garbage meanwhile: among a million new values that are all in use it takes most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _no_json(text: str, answer: Answer) -> str:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html" or text.lstrip()[:1] == "<":
        return "answers with a page for people, as a proxy or a login would"
    return "answers with JSON that is broken, or breaks off"
