"""What docs/kubernetes.md shows is what the commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.console import ROOT, sessions

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = "docs/kubernetes.md"


def test_the_page_walks_through_all_of_it(tmp_path: Path) -> None:
    options = re.search(r"^```json\n(.*?)^```", (ROOT / DOCUMENT).read_text(), re.MULTILINE | re.DOTALL)
    assert options is not None
    (tmp_path / "options.json").write_text(options[1])
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}

    shown = sessions(DOCUMENT)
    assert len(shown) == (ROOT / DOCUMENT).read_text().count("```console")
    for session in shown:
        command = [sys.executable, "-m", "lbgen", *session.arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert session.matches(done.stdout + done.stderr), (session.arguments, done.stdout + done.stderr)
