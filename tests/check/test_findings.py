"""From HAProxy's messages to findings that point into labels."""

from collections.abc import Sequence

import pytest

from lbgen.check import LocatedMessage, Verdict, findings
from lbgen.finding import ConfigLine, Finding, Severity
from lbgen.haproxy.locate import locate
from lbgen.haproxy.messages import parse_messages
from lbgen.haproxy.parse import parse
from lbgen.origin import Because, SourceMap

TEXT = """\
backend web
  timeout connect 10s
  timeout client 86400s
  server s 10.0.0.1:80 foo # mine
"""
WRONG_SECTION = (
    "config : parsing [/f:3] : 'timeout client' will be ignored because backend 'web' has no frontend capability"
)


def told(
    said: str, level: str = "WARNING", *, text: str = TEXT, source_map: SourceMap | None = None, own: bool = False
) -> Finding:
    config = parse(text)
    (message,) = parse_messages(f"[{level}] (7) : {said}")
    verdict = Verdict(True, (LocatedMessage(message, locate(message, config), own),), "HAProxy", (), 0)
    (finding,) = findings(verdict, config, source_map=source_map)
    return finding


def overridden(label: str, value: str) -> SourceMap:
    """The map of a text whose lines, behind its first, are the lines of a label."""
    because = Because("app.json", "", "/web", f"labels/{label}", value, lines=True)

    def reasons(part: int, _: int) -> Sequence[Because]:
        return [because] if part else []

    return SourceMap(["backend web\n", value], reasons)


@pytest.mark.parametrize(
    ("level", "rule", "severity"),
    [
        ("ALERT", "haproxy-refuses", Severity.ERROR),
        ("WARNING", "haproxy-warns", Severity.WARNING),
        ("DIAG", "haproxy-diagnoses", Severity.INFO),
        ("NOTICE", "haproxy-notes", Severity.INFO),
    ],
)
def test_each_level_has_its_rule(level: str, rule: str, severity: Severity) -> None:
    finding = told("config : parsing [/f:2] : dubious", level)
    assert (finding.rule, finding.severity, finding.message) == (rule, severity, "dubious")
    assert finding.config == ConfigLine("haproxy.cfg", 2, "backend web", "  timeout connect 10s")


def test_what_the_check_causes_is_information() -> None:
    finding = told("could not resolve address 'x'", own=True)
    assert (finding.rule, finding.severity) == ("haproxy-notes", Severity.INFO)


@pytest.mark.parametrize(
    ("said", "rule", "message", "help"),
    [
        (
            WRONG_SECTION,
            "directive-wrong-section",
            "'timeout client' has no effect in a backend",
            "the frontend's own timeout applies; drop the line, or set it in the frontend",
        ),
        (
            "config : parsing [/f:3] : backend 'b' : 'option httplog' directive is ignored in backends.",
            "directive-wrong-section",
            "'option httplog' has no effect in a backend",
            "drop the line, or set it in the frontend",
        ),
        (
            "config : parsing [/f:3] : 'capture' ignored because backend 'b' has no frontend capability.",
            "directive-wrong-section",
            "'capture' has no effect in a backend",
            "drop the line, or set it in the frontend",
        ),
        (
            "config : parsing [/f:3] : 'balance' ignored because frontend 'f' has no backend capability.",
            "directive-wrong-section",
            "'balance' has no effect in a frontend",
            "drop the line, or set it in the backend",
        ),
        (
            "parsing [/f:3] : a 'redirect' rule placed after a 'use_backend' rule will still be processed before.",
            "rule-order",
            "a 'redirect' rule placed after a 'use_backend' rule will still be processed before.",
            "put the line in front of the 'use_backend' lines, where HAProxy runs it anyway",
        ),
        (
            "parsing [/f:3] : The 'rspadd' directive is not supported anymore since HAProxy 2.1. Use 'x' instead.",
            "directive-removed",
            "The 'rspadd' directive is not supported anymore since HAProxy 2.1. Use 'x' instead.",
            "HAProxy 2.1 and later have no 'rspadd': write the line in today's words",
        ),
        (
            "[/f:3]: backend 'f' has the same name as frontend 'f'. It will not be supported anymore in version 3.3.",
            "duplicate-name",
            "backend 'f' has the same name as frontend 'f'. It will not be supported anymore in version 3.3.",
            "give one of them another name: HAProxy 3.3 and later refuse this",
        ),
    ],
)
def test_well_known_messages_have_rules_and_help_of_their_own(said: str, rule: str, message: str, help: str) -> None:
    finding = told(said)
    assert (finding.rule, finding.message, finding.help) == (rule, message, help)


def test_a_name_that_does_not_resolve_is_said_in_other_words() -> None:
    finding = told("config : [/f:4] : 'server web/s' : could not resolve address 'a.invalid', disabling server.")
    assert (finding.rule, finding.severity) == ("haproxy-notes", Severity.INFO)
    assert finding.message == "the name 'a.invalid' does not resolve here, and was let pass"


def test_giving_up_is_no_error_of_anybody() -> None:
    finding = told("config : parsing [/f:3]: too many fatal errors (50), stopping now.", "ALERT")
    assert (finding.severity, finding.config) == (Severity.INFO, ConfigLine("haproxy.cfg", 0))


def test_a_refusal_of_a_known_kind_stays_an_error() -> None:
    assert (
        told("parsing [/f:3] : The 'rspadd' directive is not supported anymore since HAProxy 2.1.", "ALERT").severity
        is Severity.ERROR
    )


def test_the_line_of_a_label_is_pointed_at_without_its_blanks() -> None:
    value = "  timeout connect 10s\n  timeout client 86400s  # long\n  server s 10.0.0.1:80 foo"
    finding = told(WRONG_SECTION, source_map=overridden("HAPROXY_3_BACKEND_HEAD", value))
    assert finding.origin is not None
    assert (finding.app, finding.label) == ("/web", "HAPROXY_3_BACKEND_HEAD")
    assert value[finding.origin.start : finding.origin.end] == "timeout client 86400s"
    assert finding.help.endswith("set it in HAPROXY_3_FRONTEND_HEAD")


def test_a_word_that_the_message_quotes_is_pointed_at() -> None:
    value = "  timeout connect 10s\n  timeout client 86400s\n  server s 10.0.0.1:80 foo"
    said = "config : [/f:4] : 'server web/s' : unknown keyword 'foo'."
    finding = told(said, "ALERT", source_map=overridden("HAPROXY_0_BACKEND_HEAD", value))
    assert finding.origin is not None
    assert value[finding.origin.start : finding.origin.end] == "foo"


def test_a_value_within_a_line_is_pointed_at_as_a_whole_or_by_the_quoted_word() -> None:
    because = Because("app.json", "", "/web", "labels/HAPROXY_0_BIND_OPTIONS", "ssl crt /a.pem foo")
    pasted = SourceMap([TEXT], lambda _, line: [because] if line == 3 else [])
    whole = told("config : [/f:4] : something", source_map=pasted)
    word = told("config : [/f:4] : unknown keyword 'foo'.", source_map=pasted)
    assert whole.origin == because.origin()
    assert word.origin == because.origin().narrowed(15, 18)


def test_lines_of_lbgen_itself_have_no_origin() -> None:
    finding = told("config : parsing [/f:1] : dubious", source_map=overridden("HAPROXY_0_BACKEND_HEAD", "x"))
    assert (finding.origin, finding.app, finding.label) == (None, None, None)


ANNOTATED = """\
backend web  # lbgen: app=/web
  timeout client 86400s  # lbgen: app=/web label=HAPROXY_0_BACKEND_HEAD
  mode http
"""


@pytest.mark.parametrize(("line", "label"), [(1, None), (2, "HAPROXY_0_BACKEND_HEAD"), (3, None)])
def test_annotations_say_app_and_label_where_there_is_no_source_map(line: int, label: str | None) -> None:
    finding = told(f"parsing [/f:{line}] : dubious", text=ANNOTATED)
    assert (finding.origin, finding.app, finding.label) == (None, "/web", label)


def test_the_help_knows_the_annotated_label() -> None:
    finding = told(WRONG_SECTION.replace(":3]", ":2]"), text=ANNOTATED)
    assert finding.help.endswith("HAPROXY_0_FRONTEND_HEAD")


def test_the_document_may_be_called_otherwise() -> None:
    config = parse(TEXT)
    (message,) = parse_messages("[ALERT] (7) : parsing [/f:1] : x")
    verdict = Verdict(False, (LocatedMessage(message, 1),), "HAProxy", (), 1)
    (finding,) = findings(verdict, config, name="out/my.cfg")
    assert finding.config is not None
    assert finding.config.document == "out/my.cfg"
