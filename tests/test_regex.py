"""Regular expressions are compiled when they are first used, and are then what `re.compile` makes of them."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from lbgen.regex import _METHODS, regex

WORD = r"(?P<first>[a-z])([a-z]*)"
CALLS: dict[str, tuple[Any, ...]] = {
    "findall": ("ab, cd",),
    "fullmatch": ("ab",),
    "match": ("ab, cd",),
    "search": ("1 ab",),
    "split": ("1 ab 2",),
    "sub": ("-", "ab, cd"),
    "subn": ("-", "ab, cd"),
}


def plain(value: Any) -> Any:
    return (value.span(), value.groupdict()) if isinstance(value, re.Match) else value


@pytest.mark.parametrize("method", CALLS)
def test_it_does_what_a_compiled_one_does(method: str) -> None:
    lazy, compiled = regex(WORD), re.compile(WORD)
    for arguments in (CALLS[method], CALLS[method]):
        assert plain(getattr(lazy, method)(*arguments)) == plain(getattr(compiled, method)(*arguments))


def test_it_heeds_flags_and_bounds() -> None:
    lazy = regex("^b", re.IGNORECASE | re.MULTILINE)
    assert [match.start() for match in lazy.finditer("b\nB\nb", 1, 4)] == [2]


def test_it_takes_bytes() -> None:
    assert regex(rb"\r\n|\n").split(b"a\r\nb\n") == [b"a", b"b", b""]


def test_it_knows_its_parts() -> None:
    assert (regex(WORD).pattern, dict(regex(WORD).groupindex), regex(WORD, re.I).flags & re.I) == (
        WORD,
        {"first": 1},
        re.I,
    )


def test_nothing_is_missing() -> None:
    methods = {name for name in dir(re.Pattern) if callable(getattr(re.Pattern, name)) and not name.startswith("_")}
    assert methods - {"scanner"} == set(_METHODS)


def test_it_compiles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    compiled = re.compile

    def noted(source: str, flags: int) -> re.Pattern[str]:
        made.append(source)
        return compiled(source, flags)

    monkeypatch.setattr(re, "compile", noted)
    lazy = regex("a+")
    assert made == []
    assert lazy.match("a")
    assert lazy.search("ba")
    assert made == ["a+"]


def test_a_mistake_is_told_when_it_is_used() -> None:
    with pytest.raises(re.error, match="unterminated"):
        regex("(").match("")


def said(code: str) -> str:
    """What a Python prints that runs this and knows nothing yet."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_all_there_are_can_be_compiled() -> None:
    code = (
        "import gc, importlib, pkgutil, re, lbgen\n"
        "for module in pkgutil.walk_packages(lbgen.__path__, 'lbgen.'):\n"
        "    if '__main__' not in module.name and '.migrations.' not in module.name:\n"
        "        importlib.import_module(module.name)\n"
        "from lbgen.regex import _Regex\n"
        "print(len([each.flags for each in gc.get_objects() if type(each) is _Regex]))\n"
    )
    assert int(said(code)) > 200


def test_loading_lint_compiles_none_of_them() -> None:
    code = (
        "import re, sys\n"
        "made, compiled = [], re.compile\n"
        "def compile(*given):\n"
        "    if sys._getframe(1).f_globals['__name__'].startswith('lbgen'): made.append(given)\n"
        "    return compiled(*given)\n"
        "re.compile = compile\n"
        "import lbgen.cli.lint, lbgen.lint.registry, lbgen.pipeline.linting\n"
        "from lbgen.regex import regex\n"
        "regex('x').match('')\n"
        "print(made)\n"
    )
    assert said(code) == "[('x', 0)]\n"
