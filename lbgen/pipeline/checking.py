"""Asking the real HAProxy, and leaving out the apps that it refuses."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import ConfigLine, Finding, Severity, of_error
from lbgen.haproxy.parse import parse
from lbgen.pipeline.faults import Faults
from lbgen.pipeline.generate import Generated, from_apps
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.check import How, Verdict
    from lbgen.model.service import AppRef
    from lbgen.pipeline.inputs import Inputs
    from lbgen.pipeline.options import Options
    from lbgen.render.writer import Rendered

MOST_RUNS = 12
"""Rounds of leaving out apps. HAProxy tells at most 50 errors at once, and of names that lead nowhere when all else
is right, so one round is the rule, three are enough for some 50 apps at fault, and more are for fleets in ruins."""


@dataclass(frozen=True, slots=True)
class Checking:
    """With what a configuration is checked: `how` is auto, binary or container."""

    how: How = "auto"
    haproxy_bin: str | None = None
    image: str | None = None


@dataclass(slots=True)
class Checked:
    """What HAProxy accepts of a fleet; `accepted` is False where leaving out apps did not help."""

    generated: Generated
    accepted: bool
    runs: int = 0
    tool: str = ""
    supplied: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)


def from_apps_checked(
    inputs: Inputs, options: Options, checking: Checking, *, without: Iterable[AppRef] = ()
) -> Checked:
    """The configuration of the apps that HAProxy accepts; in the marathon-lb dialect the check reports and no more.

    Apps that are named by `without` are left out too.

    Where a template of the operator's is at fault, nobody is left out, and nothing is accepted. Raises ToolError where
    there is no HAProxy to ask.
    """
    from lbgen import check

    refused = [*without]
    findings: list[Finding] = []
    faults = Faults()
    tool, supplied = "", tuple[str, ...]()
    generated = from_apps(inputs, options, without=refused)
    for run in range(1, MOST_RUNS + 1):
        if generated.rendered is None:
            return Checked(generated, False, run - 1, tool, supplied, findings)
        verdict = _verdict(generated.rendered, options, checking)
        tool, supplied = verdict.tool, verdict.supplied
        config = parse(generated.rendered.text, options.haproxy_config)
        said = check.findings(verdict, config, source_map=generated.rendered.source_map, name=options.haproxy_config)
        said = said if options.portable else list(_as_the_product_names_them(said, options.haproxy_config))
        at_fault = [] if verdict.accepted or not options.portable else faults.of(verdict, generated.rendered)
        if not at_fault or run == MOST_RUNS:
            return Checked(generated, verdict.accepted, run, tool, supplied, findings + said)
        findings += [finding for finding in said if finding.severity is Severity.ERROR]
        refused += at_fault
        generated = from_apps(inputs, options, without=refused)
    raise AssertionError("the last run returns")


def _as_the_product_names_them(said: Sequence[Finding], name: str) -> Iterator[Finding]:
    """The findings, with one in place of those that Marathon-LB's names for frontends and backends bring about."""
    twice = [finding for finding in said if finding.rule == "duplicate-name"]
    yield from (finding for finding in said if finding.rule != "duplicate-name")
    if twice:
        text = f"{len(twice):,} times a frontend and a backend have one name: HAProxy 3.2 warns, and 3.3 refuses it"
        help_ = "Marathon-LB names them so, for HAProxy up to 2.0; later ones are what --dialect portable is for"
        yield Finding("duplicate-name", Severity.WARNING, text, config=ConfigLine(name, 0), help=help_)


def _verdict(rendered: Rendered, options: Options, checking: Checking) -> Verdict:
    from lbgen import check

    return check.check(
        rendered.text,
        name=options.haproxy_config,
        how=checking.how,
        haproxy_bin=checking.haproxy_bin,
        image=checking.image,
        target=options.target,
        extra_files={f"{options.haproxy_dir}/{name}": text for name, text in rendered.maps.items()},
    )


@dataclass(slots=True)
class FileVerdict:
    """What HAProxy says of some configuration files; `status` is 0 accepted, 1 refused, 2 not checked."""

    status: int = 0
    findings: list[Finding] = field(default_factory=list)
    documents: dict[str, source.Document] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def check_files(names: Sequence[str], checking: Checking, target: str) -> FileVerdict:
    """Asks HAProxy about each of the files; those that cannot be read are findings, and the others are checked.

    Raises ToolError where there is no HAProxy to ask.
    """
    from lbgen import check

    result = FileVerdict()
    for name in names:
        try:
            document = source.read(name)
        except InputError as error:
            result.findings.append(of_error(error))
            result.status = 2
            continue
        result.documents[document.name] = document
        verdict = _checked(document, checking, target)
        result.findings += check.findings(verdict, parse(document.text, document.name))
        result.told += told(verdict.tool, verdict.supplied, target)
        if not verdict.accepted:
            result.status = max(result.status, 1)
    result.told = list(dict.fromkeys(result.told))
    return result


def _checked(document: source.Document, checking: Checking, target: str) -> Verdict:
    from lbgen import check

    return check.check(
        document.text,
        name=document.name,
        how=checking.how,
        haproxy_bin=checking.haproxy_bin,
        image=checking.image,
        target=target,
    )


def told(tool: str, supplied: Sequence[str], target: str) -> list[str]:
    """What a user should know about a check: who was asked, if it is not the target, and what was made up for it."""
    if not tool:
        return []
    version = _VERSION.search(tool)
    other = f"; what HAProxy {target}, the target, says may differ" if version and version[1] != target else ""
    made_up = [f"made up for the check: {', '.join(supplied)}"] if supplied else []
    return [f"checked with {tool}{other}", *made_up]


_VERSION = regex(r"(?:^HAProxy |^image .*:)(\d+\.\d+)\b")
