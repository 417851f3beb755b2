"""The sessions of the README in which the real HAProxy speaks."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.console import ROOT, Session, sessions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("session", [each for each in sessions() if "--check" in each.arguments], ids=str)
def test_output_is_what_the_command_prints(session: Session, haproxy_images: dict[str, str], tmp_path: Path) -> None:
    arguments = [str(tmp_path / each) if each == "haproxy.cfg" else each for each in session.arguments]
    command = [sys.executable, "-m", "lbgen", *arguments, "--image", list(haproxy_images.values())[-1]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert session.matches(done.stderr), done.stderr
    assert "frontend kubectl-proxy_6443_in\n" in (tmp_path / "haproxy.cfg").read_text()
