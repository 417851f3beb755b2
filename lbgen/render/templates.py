"""Which template wins: a label's, the environment's, the templates directory's, or the built-in one."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.model.blanks import TemplateFault, Text, literal, parse_format, unknown_placeholder
from lbgen.origin import Origin, Position
from lbgen.render.builtin import builtin
from lbgen.render.override import check_override
from lbgen.source.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


class Template(NamedTuple):
    """What may be done with one template.

    `by_label`: a label `HAPROXY_{n}_<name>` may replace it; the environment and the templates directory always may.
    `substituted`: placeholders in a replacement are filled, and other braces must be doubled; else it is pasted.
    `opens`: the kind of section that its first line opens, or empty.
    `in_line`: its text, without blanks around it, is a part of a line.
    """

    placeholders: frozenset[str]
    by_label: bool = True
    substituted: bool = True
    opens: str = ""
    in_line: bool = False


class Replacement(NamedTuple):
    """A text that an operator puts in place of a built-in template, and where it stands."""

    text: str
    source: str


def from_environment(environ: Mapping[str, str], names: Mapping[str, Template]) -> dict[str, Replacement]:
    """Templates that the environment replaces: `HAPROXY_<name>`, backslash and n a line break; not empty ones."""
    return {
        name: Replacement(environ[f"HAPROXY_{name}"].replace("\\n", "\n"), f"environment variable HAPROXY_{name}")
        for name in names
        if environ.get(f"HAPROXY_{name}")
    }


def from_directory(directory: Path, names: Mapping[str, Template]) -> dict[str, Replacement]:
    """Templates that files `HAPROXY_<name>` of the directory replace; an empty file counts.

    Raises InputError where a file is there and cannot be read.
    """
    found = {}
    for name in names:
        path = directory / f"HAPROXY_{name}"
        try:
            found[name] = Replacement(read_text(path), str(path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise InputError(f"the template cannot be read: {reason}", origin=Origin(str(path))) from None
    return found


def strangers(directory: Path, names: Mapping[str, Template]) -> Iterator[tuple[Path, str]]:
    """Files that are called like templates and are none, each with the name that it might have been meant to have."""
    known = [f"HAPROXY_{name}" for name in names]
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        if path.name in names:
            yield path, f"HAPROXY_{path.name}"
        elif path.name.startswith("HAPROXY_") and path.name not in known:
            yield path, _meant(path.name, known)


def _meant(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=0.8)), "")


def _position(text: str, at: int) -> Position:
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


@dataclass(slots=True)
class Templates:
    """All templates of one run.

    `family` is the directory of the built-in ones, `constants` what their conditions ask for, `replacements` what the
    operator replaced.
    """

    family: str
    rows: Mapping[str, Template]
    constants: Mapping[str, Any]
    extra_blanks: frozenset[str] = frozenset()
    replacements: Mapping[str, Replacement] = field(default_factory=dict)
    _texts: dict[str, Text] = field(default_factory=dict)
    _overrides: dict[tuple[bool, str], Text] = field(default_factory=dict)

    def text(self, name: str) -> Text:
        """The template as it is where no label replaces it; raises InputError where the operator's is not usable."""
        if name not in self._texts:
            self._texts[name] = self._operators(name) or builtin(
                self.family, name, self.constants, self.rows[name].placeholders | self.extra_blanks
            )
        return self._texts[name]

    def override(self, name: str, text: str, *, unsafe: bool = False) -> Text:
        """The template as a label has it; raises TemplateFault where it is not usable.

        Unless `unsafe`, it may not leave its place in the file.
        """
        row = self.rows[name]
        if not unsafe:
            check_override(text, row.opens, in_line=row.in_line)
        key = (row.substituted, text)
        if key not in self._overrides:
            self._overrides[key] = parse_format(text) if row.substituted else literal(text)
        return self._overrides[key]

    def replacement(self, name: str) -> str | None:
        """The text that the operator put in place of the template, None where it is the built-in one."""
        found = self.replacements.get(name)
        return None if found is None else found.text

    def _operators(self, name: str) -> Text | None:
        replacement = self.replacements.get(name)
        if replacement is None:
            return None
        try:
            return self._checked(name, replacement.text)
        except TemplateFault as fault:
            place = _position(replacement.text, fault.start)
            raise InputError(
                str(fault), origin=Origin(replacement.source, position=place), rule="bad-template"
            ) from None

    def _checked(self, name: str, text: str) -> Text:
        row = self.rows[name]
        made = parse_format(text) if row.substituted else literal(text)
        for unknown in sorted(made.names - row.placeholders):
            start = max(text.find("{" + unknown), 0)
            raise TemplateFault(unknown_placeholder(name, unknown, row.placeholders), start, start + len(unknown) + 2)
        return made
