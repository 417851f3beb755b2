"""The hooks of pre-commit, run by the real pre-commit in a repository of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Try = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parent.parent
_PACKAGE = (".pre-commit-hooks.yaml", "LICENSE", "NOTICE", "README.md", "docs", "haproxy_templates", "lbgen")
_AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def repository(place: Path) -> Path:
    """A repository of everything that is in the directory."""
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        subprocess.run(["git", *_AUTHOR, *command], cwd=place, check=True, capture_output=True)
    return place


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lbgen as people name it in their .pre-commit-config.yaml: a repository with hooks."""
    place = tmp_path_factory.mktemp("lbgen")
    for name in (*_PACKAGE, "pyproject.toml"):
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=ignored)
        else:
            shutil.copy(source, place / name)
    return repository(place)


@pytest.fixture(scope="module")
def try_hook(hooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Try:
    """A function that runs a hook over all files of a repository of apps."""
    place = tmp_path_factory.mktemp("apps")
    for name, port in (("one", 10001), ("two", 10001)):
        labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": f"{name}.example.org"}
        path = place / "apps" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"id": f"/{name}", "ports": [port], "labels": labels}, indent=2) + "\n")
    (place / "README.md").write_text("no app\n")
    repository(place)
    home = tmp_path_factory.mktemp("home")

    def run(hook: str, *files: str) -> subprocess.CompletedProcess[str]:
        chosen = ["--files", *files] if files else ["--all-files"]
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--color", "never", *chosen]
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
        environ |= {"PRE_COMMIT_HOME": str(home), "GITHUB_ACTIONS": ""}
        return subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, check=False, timeout=600)

    return run


def test_the_fleet_is_seen_as_one(try_hook: Try) -> None:
    done = try_hook("lbgen-lint-fleet")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "[port-clash] LBG201" in done.stdout
    assert "apps/one.json" in done.stdout
    assert "apps/two.json" in done.stdout


def test_one_file_alone_has_nobody_to_clash_with(try_hook: Try) -> None:
    done = try_hook("lbgen-lint", "apps/one.json")
    assert "port-clash" not in done.stdout
    assert "lbgen lint" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_files_of_other_kinds_are_none_of_its_business(try_hook: Try) -> None:
    done = try_hook("lbgen-lint", "README.md")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped" in done.stdout
