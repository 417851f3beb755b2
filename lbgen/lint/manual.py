"""The rules' manual: for a terminal, as Markdown, for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lbgen.lint.rule import Fixing, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lbgen.lint.rule import Rule

VERSION = 1
FAMILIES: Mapping[str, str] = {
    "LBG1": "Values and shape",
    "LBG2": "Ports",
    "LBG3": "Names",
    "LBG4": "Routing",
    "LBG5": "Templates",
    "LBG6": "Security",
    "LBG7": "TLS and HTTP",
    "LBG8": "Health and deployment",
    "LBG9": "The generated file and its sources",
}
_SUBJECTS = {
    Subject.APP: "each app",
    Subject.POOL: "each pool",
    Subject.FLEET: "all files together",
    Subject.CONFIG: "each haproxy.cfg, generated or written by hand",
    Subject.TOLD: "told while files are read, generated or checked",
}
_FIXES = {
    Fixing.NONE: "none",
    Fixing.SAFE: "safe",
    Fixing.UNSAFE: "unsafe",
    Fixing.SOMETIMES: "sometimes",
}


def family(rule: Rule) -> str:
    """What the rule's family is called."""
    return FAMILIES[rule.code[:4]]


def _facts(rule: Rule) -> list[tuple[str, str]]:
    """What there is to know of a rule besides its page."""
    severity = f"{rule.severity}{', only with --pedantic' if rule.pedantic else ''}"
    return [
        ("Family", family(rule)),
        ("Severity", severity),
        ("Looks at", _SUBJECTS[rule.subject]),
        ("Fix", _FIXES[rule.fixing]),
    ]


def text(rules: Sequence[Rule]) -> str:
    """The pages for a terminal, with an empty line and a line of dashes between two of them."""
    return f"\n{'-' * 80}\n\n".join(_page(rule) for rule in rules)


def _page(rule: Rule) -> str:
    facts = "".join(f"{f'{name}:':<10} {value}\n" for name, value in _facts(rule))
    return f"{rule.code} {rule.name}\n{facts}\n{_plain(rule.page.strip())}\n"


def _plain(page: str) -> str:
    """The page with its headings underlined and its examples indented, without the marks of Markdown."""
    lines, inside = [], False
    for line in page.split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("## "):
            lines += [line[3:], "~" * len(line[3:])]
        else:
            lines.append(line)
    return "\n".join(lines)


def markdown(rules: Sequence[Rule]) -> str:
    """The pages as one document, with a table of the rules in front where there are several."""
    parts = [_table(rules)] if len(rules) > 1 else []
    return "\n".join([*parts, *(_section(rule) for rule in rules)])


def _table(rules: Iterable[Rule]) -> str:
    rows = ["| code | name | severity | fix | what it says |", "|---|---|---|---|---|"]
    for rule in rules:
        code = f"[{rule.code}](#{anchor(rule)})"
        rows.append(f"| {code} | {rule.name} | {rule.severity} | {_FIXES[rule.fixing]} | {_cell(rule.summary)} |")
    return "\n".join([*rows, ""])


def _cell(value: str) -> str:
    return value.replace("|", "\\|")


def anchor(rule: Rule) -> str:
    """Where the rule's page is, within the document of all pages."""
    return f"{rule.code} {rule.name}".lower().replace(" ", "-")


def _section(rule: Rule) -> str:
    facts = " · ".join(f"{name.lower()}: {value}" for name, value in _facts(rule))
    # The headings of a page stand below the rule's own.
    page = _outside_fences(rule.page.strip())
    return f"## {rule.code} {rule.name}\n\n*{facts}*\n\n{page}\n"


def _outside_fences(page: str) -> str:
    """The page with its headings one level deeper; what looks like one in an example stays."""
    parts = re.split(r"(^```.*?^```$)", page, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [re.sub(r"^## ", "### ", part, flags=re.MULTILINE) for part in parts[::2]]
    return "".join(parts)


def as_json(rules: Sequence[Rule]) -> str:
    """An object with a version and the rules."""
    found = [
        {
            "code": rule.code,
            "name": rule.name,
            "family": family(rule),
            "severity": str(rule.severity),
            "subject": str(rule.subject),
            "fix": str(rule.fixing),
            "pedantic": rule.pedantic,
            "summary": rule.summary,
            "page": rule.page,
        }
        for rule in rules
    ]
    return json.dumps({"version": VERSION, "rules": found}, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Rule]], str]] = {"text": text, "markdown": markdown, "json": as_json}
