"""Words at fault are pointed at where they stand, and a long line is looked up once for all of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.lint import directives
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from lbgen.finding import Finding

_HEAD = "frontend web\n  bind :80\n  default_backend web\nbackend web\n"


def missing(tmp_path: Path, line: str) -> list[Finding]:
    """What lint says about names that are not there, in a backend with this line."""
    path = tmp_path / "haproxy.cfg"
    path.write_text(f"{_HEAD}{line}\n")
    found = lint([str(path)], Options(groups=())).findings
    return [each for each in found if each.rule == "unused-or-undefined"]


def columns(found: list[Finding]) -> dict[str, int]:
    """Where each name stands that is said to be missing."""
    return {
        each.message.split("'")[1]: each.origin.position.column
        for each in found
        if each.origin is not None and each.origin.position is not None
    }


def test_a_name_within_another_one_is_pointed_at_where_it_stands(tmp_path: Path) -> None:
    line = "  http-request deny if is_ab is_a"
    assert columns(missing(tmp_path, line)) == {"is_ab": line.index("is_ab") + 1, "is_a": len(line) - len("is_a") + 1}


def test_a_line_is_looked_up_once_for_all_of_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counting(configuration: Any, directive: Any) -> object:
        asked.append(directive.line)
        return _written(configuration, directive)

    _written = directives.written
    monkeypatch.setattr(directives, "written", counting)
    names = [f"x{number}" for number in range(50)]
    found = missing(tmp_path, f"  http-request deny if {' || '.join(names)}")
    assert set(columns(found)) == set(names)
    assert len(asked) < len(names)
