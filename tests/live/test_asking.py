"""What HAProxy finds where it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.live.asking import Asker
from lbgen.live.pieces import in_pieces
from lbgen.origin import SourceMap
from lbgen.render.writer import Rendered

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_QUOTES = """#!/bin/sh
echo "[ALERT] (1) : config : parsing [$3/p000000.cfg:1] : unknown keyword '$MARATHON_PASSWORD$VAULT_TOKEN$KEPT'."
exit 1
"""


def test_a_label_reads_no_secret_out_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = tmp_path / "haproxy"
    binary.write_text(_QUOTES)
    binary.chmod(0o755)
    for name in ("MARATHON_PASSWORD", "VAULT_TOKEN", "KEPT"):
        monkeypatch.setenv(name, f"the {name}")
    answer = Asker(str(binary), "/etc/haproxy").ask(
        Rendered('"$MARATHON_PASSWORD"\n', SourceMap((), lambda _, __: ()), {})
    )
    assert [each.message.text for each in answer.verdict.messages] == ["unknown keyword 'the KEPT'."]


def test_a_text_without_any_section_is_one_piece() -> None:
    assert [piece.text for piece in in_pieces("# nothing\n", (), {})] == ["# nothing\n"]
