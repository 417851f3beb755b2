"""Templates that operators bring: sandboxed, with bounded time and memory, and never the product's Go templates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.errors import LbgenError
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHILD = Path(__file__).with_name("template_child.py")
_SECONDS = 30
_GO = regex(
    r"\{\{-?\s*(?:\.|\$|(?:range|if|else|end|with|define|template|block|break|continue)\b|/\*)"
    r"|\{\{[^{}]*(?::=|\|\s*(?:quote|toJson|toPrettyJson|trunc|indent \d)\b)"
    r"|\bmesosTasks\b|\bparseTaskLabels\b"
)


class TemplateError(LbgenError):
    """A template cannot be used, and why; `where` has its `template_line`, or the `line` of what it makes."""

    def __init__(self, message: str, **where: int | None) -> None:
        super().__init__(message)
        self.where = {key: line for key, line in where.items() if line is not None}


def refuse_go(text: str, default: str) -> None:
    """Raises TemplateError where the text is a Go template; `default` is where there is one to start from."""
    if found := _GO.search(text):
        line = text.count("\n", 0, found.start()) + 1
        sentence = f"line {line} is in the language of Go's templates, which Edge-LB took: lbgen takes Jinja2"
        raise TemplateError(f"{sentence}. GET {default} gives the default to start from", template_line=line)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with these values, which are JSON; raises TemplateError where it cannot be filled in."""
    return _filled(template, json.dumps(values, sort_keys=True))


@lru_cache(maxsize=64)
def _filled(template: str, values: str) -> str:
    asked = f'{{"template": {json.dumps(template)}, "values": {values}}}'
    # -P: the modules beside the child are not those that it means.
    command = [sys.executable, "-P", "-B", str(_CHILD)]
    environ = {key: value for key, value in os.environ.items() if key in {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH"}}
    try:
        ended = subprocess.run(  # noqa: S603 - this very Python, and a file of lbgen's
            command, input=asked, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TemplateError("the template takes too long") from None
    if ended.returncode:
        raise TemplateError("the template takes too much time or memory")
    answer = json.loads(ended.stdout)
    if "text" in answer:
        return str(answer["text"])
    where = f"line {answer['line']}: " if answer["line"] else ""
    raise TemplateError(f"{where}{answer['error']:.500}", template_line=answer["line"])
