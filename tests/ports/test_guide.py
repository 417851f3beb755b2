"""docs/ports.md tells the truth: its sessions, one after the other, print what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.config import read
from tests.cli.command import runner
from tests.console import ROOT, sessions

if TYPE_CHECKING:
    import pytest

GUIDE = (ROOT / "docs" / "ports.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_sessions_print_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LBGEN_PORTS_DB", raising=False)
    Path("apps").mkdir()
    Path("apps/shop.json").write_text(blocks("json")[0])
    Path("lbgen.toml").touch()
    run = runner(monkeypatch, capsys)
    shown = sessions("docs/ports.md")
    assert len(shown) >= 5
    for session in shown:
        ended = run(*session.arguments)
        assert session.matches(ended.out + ended.err), ended.out + ended.err
    assert Path(".lbgen/ports.db").exists()


def test_settings_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "lbgen.toml").write_text(blocks("toml")[0])
    assert read(str(tmp_path / "lbgen.toml")).ports_db == "postgresql://lbgen@db.example.org/ports"
