"""What HAProxy said as findings: with rule, help, and the value of the input that each message is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.finding import ConfigLine, Finding, Severity
from lbgen.haproxy.annotation import Annotation, annotation
from lbgen.haproxy.messages import Level
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.check.verdict import LocatedMessage, Verdict
    from lbgen.haproxy.parse import Config
    from lbgen.origin import Because, Origin, SourceMap

_RULES = {
    Level.ALERT: ("haproxy-refuses", Severity.ERROR),
    Level.WARNING: ("haproxy-warns", Severity.WARNING),
    Level.DIAG: ("haproxy-diagnoses", Severity.INFO),
    Level.NOTICE: ("haproxy-notes", Severity.INFO),
}


@dataclass(frozen=True, slots=True)
class _Said:
    """How a message is told: HAProxy's own severity and text, unless others are given."""

    rule: str
    message: str = ""
    help: str = ""
    severity: Severity | None = None


_WRONG_SECTION = "directive-wrong-section"
# What lbgen has more to say about. Texts may use the groups of the pattern, and {head}: the label that adds lines to
# the app's frontend, or words for that frontend.
_KNOWN = (
    (
        regex(r"'(?P<what>timeout [\w-]+)' will be ignored because \w+ '.*' has no frontend capability"),
        _Said(
            _WRONG_SECTION,
            "'{what}' has no effect in a backend",
            "the frontend's own timeout applies; drop the line, or set it in {head}",
        ),
    ),
    (
        regex(
            r"'(?P<what>[^']+)' (?:(?:will be )?ignored because \w+ '.*' has no frontend capability"
            r"|directive is ignored in backends)"
        ),
        _Said(_WRONG_SECTION, "'{what}' has no effect in a backend", "drop the line, or set it in {head}"),
    ),
    (
        regex(r"'(?P<what>[^']+)' (?:will be )?ignored because \w+ '.*' has no backend capability"),
        _Said(_WRONG_SECTION, "'{what}' has no effect in a frontend", "drop the line, or set it in the backend"),
    ),
    (
        regex(r"The '(?P<what>[^']+)' directive is not supported anymore since HAProxy (?P<since>\d+\.\d+)"),
        _Said("directive-removed", help="HAProxy {since} and later have no '{what}': write the line in today's words"),
    ),
    (
        regex(r"has the same name as .* will not be supported anymore in version"),
        _Said("duplicate-name", help="give one of them another name: HAProxy 3.3 and later refuse this"),
    ),
    (
        regex(r"a '[^']+' rule placed after a '(?P<first>[^']+)' rule will still be processed before"),
        _Said("rule-order", help="put the line in front of the '{first}' lines, where HAProxy runs it anyway"),
    ),
    (
        regex(r"could not resolve address '(?P<what>[^']*)', disabling server"),
        _Said(
            "haproxy-notes",
            "the name '{what}' does not resolve here, and was let pass",
            "HAProxy starts only where it resolves, unless the server has 'init-addr none'",
            Severity.INFO,
        ),
    ),
    (
        regex(r"too many fatal errors"),
        _Said(
            "haproxy-notes",
            "HAProxy stopped reading after 50 errors; there may be more behind the last one",
            severity=Severity.INFO,
        ),
    ),
)
_INDEX = regex(r"HAPROXY_(\d+)_")
_QUOTED = regex(r"'([^']+)'|<([^>]+)>")


def findings(
    verdict: Verdict, config: Config, *, source_map: SourceMap | None = None, name: str | None = None
) -> list[Finding]:
    """A finding for each message of the verdict, in HAProxy's order.

    `config` is the parse of the text that was checked, `name` what to call it if not as it is called there. With a
    source map, each finding has the origin of its line; without, the app and label of the line's annotation.
    """
    document = config.name if name is None else name
    return [_finding(located, config, source_map, document) for located in verdict.messages]


def _finding(located: LocatedMessage, config: Config, source_map: SourceMap | None, document: str) -> Finding:
    text, line = located.message.text, located.line
    origin = _origin(source_map, line, text) if source_map is not None and line is not None else None
    mark = _annotation(config, line) if source_map is None and line is not None else None
    label = origin.label if origin is not None else mark.label if mark is not None else None
    rule, severity = _RULES[Level.NOTICE if located.own else located.message.severity]
    said = _said_better(text, label) or _Said(rule, text)
    return Finding(
        said.rule,
        severity if said.severity is None else said.severity,
        said.message,
        origin=origin,
        config=_config_line(config, document, line),
        help=said.help,
        related=_filled_by(source_map, line) if origin is not None and origin.app is None else (),
        annotated_app=mark.app if mark is not None else None,
        annotated_label=label if mark is not None else None,
    )


def _said_better(text: str, label: str | None) -> _Said | None:
    """Rule, message, help and severity of a message that lbgen has more to say about."""
    for pattern, said in _KNOWN:
        if match := pattern.search(text):
            words = match.groupdict() | {"head": _head(label)}
            message = said.message.format(**words) if said.message else text
            return _Said(said.rule, message, said.help.format(**words), said.severity)
    return None


def _head(label: str | None) -> str:
    index = _INDEX.match(label or "")
    return f"HAPROXY_{index[1]}_FRONTEND_HEAD" if index else "the frontend"


def _config_line(config: Config, document: str, line: int | None) -> ConfigLine:
    section = config.section_at(line) if line is not None else None
    header = section.header if section is not None else ""
    return ConfigLine(document, line or 0, header, config.text_at(line or 0))


def _annotation(config: Config, line: int) -> Annotation | None:
    """The annotation of the line, or of the header of its section."""
    found = annotation(config.text_at(line))
    section = config.section_at(line)
    return found if found is not None or section is None else annotation(config.text_at(section.line))


def _origin(source_map: SourceMap, line: int, message: str) -> Origin | None:
    """The origin of the line, narrowed to what the message is about where that can be told."""
    because = source_map.because(line, message)
    origin = source_map.origin(line, message)
    if because is None or origin is None or because.is_template:
        return origin
    return _narrowed(origin, because, message)


def _filled_by(source_map: SourceMap | None, line: int | None) -> tuple[Origin, ...]:
    """The app that a line of an operator's template was written for."""
    reasons = source_map.reasons(line) if source_map is not None and line is not None else ()
    if not reasons or not reasons[0].is_template:
        return ()
    return tuple(each.origin() for each in reasons[-1:] if each.app is not None)


def _narrowed(origin: Origin, because: Because, message: str) -> Origin:
    start = origin.start if origin.start is not None else 0
    end = origin.end if origin.end is not None else len(because.value)
    segment = because.value[start:end]
    found = _words(segment, message)
    if found is None and origin.start is None:
        return origin
    first, last = found or _directive(segment)
    return origin.narrowed(start + first, start + last) if first < last else origin


def _words(segment: str, message: str) -> tuple[int, int] | None:
    """Where the first of the texts that the message quotes stands in the segment; None where the segment begins so."""
    words = read_line(segment).words
    for first, second in _QUOTED.findall(message):
        quoted = first or second
        for index, word in enumerate(words):
            if word.text == quoted:
                return (word.start, word.end) if index else None
    return None


def _directive(segment: str) -> tuple[int, int]:
    """Where the directive stands in the segment: without blanks and comment around it."""
    words = read_line(segment).words
    return (words[0].start, words[-1].end) if words else (0, len(segment))
