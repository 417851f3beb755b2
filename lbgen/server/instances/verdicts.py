"""What `haproxy -c` says of a pool's text, as a sentence about the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen import check
from lbgen.check import LocatedMessage, Verdict
from lbgen.finding import Severity
from lbgen.haproxy.locate import Locator
from lbgen.haproxy.messages import Level, parse_messages
from lbgen.haproxy.parse import parse
from lbgen.server.rendering import problem
from lbgen.server.trying import discreet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.finding import Finding
    from lbgen.server.instances.engine import Said
    from lbgen.server.rendering import Rendering

_NAME = "haproxy.cfg"
_VALID = 0


def refusal(rendering: Rendering, said: Said, file: str) -> str:
    """Why HAProxy refuses the text of the rendering, which it read as `file`; empty where it does not."""
    if said.status == _VALID:
        return ""
    text = rendering.text or ""
    config = parse(text, _NAME)
    locator = Locator.of(config)
    messages = parse_messages(said.output.replace(file, _NAME), _NAME)
    located = [LocatedMessage(each, locator.line(each)) for each in messages if each.severity is Level.ALERT]
    verdict = Verdict(False, tuple(located), "", (), said.status)
    own = rendering.rendered is not None and rendering.rendered.text == text
    source_map = rendering.rendered.source_map if own and rendering.rendered else None
    told = [each for each in check.findings(verdict, config, source_map=source_map) if each.severity is Severity.ERROR]
    return f"HAProxy refuses the configuration: {discreet(_first(told) or _last(said), text)}"


def _first(told: Sequence[Finding]) -> str:
    """The first refusal: with the pointer to the value that it is about, else with the line."""
    if not told or (told[0].origin is not None and told[0].origin.pointer):
        return problem(told)
    at = told[0].config
    return f"line {at.line}, {at.text.strip()}: {told[0].message}" if at is not None and at.line else told[0].message


def _last(said: Said) -> str:
    lines = said.output.strip().splitlines()
    return lines[-1] if lines else f"it ended with status {said.status}"
