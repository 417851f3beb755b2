"""However much somebody hands in: it works or is refused in words, in memory of a few times the input.

Sizes are moderate by default; `LBGEN_LONG=1` takes the full ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.console import ROOT
from tests.pipeline.files import GROUP
from tests.properties import LONG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 2**20
# What Python and lbgen take by themselves, and what each byte of the input and of the output may.
ALONE, READ, WRITTEN = 48 * MIB, 8, 16


class Ended(NamedTuple):
    """How a run ended: status, what was said, bytes of the output, and the most memory that it held, in bytes."""

    status: int
    said: str
    written: int
    memory: int


# What a process held at most before it became this one counts for it elsewhere, and not here.
RUN = """
import sys
from lbgen.cli import main
noted = sys.argv.pop(1)
try:
    main()
finally:
    with open("/proc/self/status") as status, open(noted, "w") as file:
        file.write(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


def run(tmp_path: Path, *arguments: str) -> Ended:
    noted, out = tmp_path / "memory", tmp_path / "out.cfg"
    command = [sys.executable, "-c", RUN, str(noted), "haproxy", "from-app", *arguments, "-o", str(out)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    written = out.stat().st_size if out.exists() else 0
    return Ended(ended.returncode, ended.stderr, written, int(noted.read_text()) * 1024)


def size(moderate: int, full: int) -> int:
    return full if LONG else moderate


def app(number: int, *, tasks: int = 1, ports: int = 1, **labels: str) -> dict[str, Any]:
    """An app with an id, service ports and tasks of its own; labels are `HAPROXY_0_<key>`."""
    found = [
        {"host": f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", "ports": [*range(31000, 31000 + ports)]}
        for n in range(tasks)
    ]
    named = GROUP | {f"HAPROXY_0_{key}": value for key, value in labels.items()}
    first = 10000 + number % 50000
    return {"id": f"/team/app-{number}", "ports": [*range(first, first + ports)], "labels": named, "tasks": found}


def many_bytes(least: int) -> list[dict[str, Any]]:
    """Apps that take this many bytes of JSON, with what Marathon tells of an app and lbgen does not read."""
    unread = {"env": {f"VARIABLE_{n}": "x" * 60 for n in range(20)}, "cmd": "./run " * 20}
    each = len(json.dumps(app(1, tasks=3, VHOST="a.example.com") | unread)) + 10
    return [app(n, tasks=3, VHOST=f"a{n}.example.com") | unread for n in range(least // each)]


MEGABYTE = size(100_000, 1_000_000)
WORKS: dict[str, Callable[[], Any]] = {
    "64 MB of JSON": lambda: many_bytes(size(4, 60) * 10**6),
    "20,000 apps": lambda: [app(n, VHOST=f"a{n}.x") for n in range(size(2_000, 20_000))],
    "100,000 tasks": lambda: [app(n, tasks=100) for n in range(size(100, 1_000))],
    "many tasks of one app": lambda: [app(0, tasks=size(2_000, 20_000))],
    "10,000 labels": lambda: [
        app(0, ports=1000) | {"labels": GROUP | {f"HAPROXY_{n}_VHOST": f"a{n}.x" for n in range(size(2_000, 10_000))}}
    ],
    "10,000 labels of others": lambda: [
        app(0) | {"labels": GROUP | {f"HAPROXY_0_NOTHING_{n}": "x" for n in range(size(2_000, 10_000))}}
    ],
    "10,000 vhosts": lambda: [app(0, VHOST=",".join(f"a{n}.x" for n in range(size(2_000, 10_000))))],
    "a long path": lambda: [app(0, VHOST="a.x", PATH="/" + "x" * MEGABYTE)],
    "a template of one line": lambda: [app(0, MODE="http", BACKEND_HTTP_OPTIONS="  # " + "x" * MEGABYTE)],
    "a template of many lines": lambda: [
        app(0, MODE="http", BACKEND_HTTP_OPTIONS="  option httplog\n" * (MEGABYTE // 17))
    ],
    "1,000,000 instances": lambda: [{"id": "/a", "instances": 1_000_000, "labels": GROUP}],
}


@pytest.mark.parametrize("make", WORKS.values(), ids=WORKS)
def test_it_works_in_memory_of_a_few_times_the_input(tmp_path: Path, make: Callable[[], Any]) -> None:
    text = json.dumps(make())
    (tmp_path / "apps.json").write_text(text)
    ended = run(tmp_path, str(tmp_path / "apps.json"), "-q")
    assert ended.status == 0, ended.said[:1000]
    assert ended.written
    assert ended.memory <= ALONE + READ * len(text) + WRITTEN * ended.written


def test_each_line_of_a_long_template_has_its_origin(tmp_path: Path) -> None:
    made = [app(0, MODE="http", BACKEND_HTTP_OPTIONS="  option httplog\n" * (MEGABYTE // 17))]
    (tmp_path / "apps.json").write_text(json.dumps(made))
    assert run(tmp_path, str(tmp_path / "apps.json"), "--annotate").status == 0
    label = "# lbgen: app=/team/app-0 label=HAPROXY_0_BACKEND_HTTP_OPTIONS"
    assert (tmp_path / "out.cfg").read_text().count(label) == MEGABYTE // 17


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a file beyond the limit": (lambda: " " * (64 * MIB) + "{}", "the file holds more than 64 MiB"),
    "nothing but brackets": (lambda: "[" + "{}," * 5_000_000 + "{}]", "at most 5,000,000 are taken"),
    "deep nesting": (lambda: "[" * size(10_000, 1_000_000), "the value is nested more than 200 deep"),
    "deep nesting in an app": (
        lambda: '{"id": "/a", "x": ' + "[" * 10_000 + "]" * 10_000 + "}",
        "the value is nested more than 200 deep",
    ),
    "an id of a million characters": (
        lambda: [app(0) | {"id": "/" + "x" * MEGABYTE}],
        "characters long; at most 4,000 are taken",
    ),
    "100,000 tasks of one app": (
        lambda: [app(0, tasks=size(21_000, 100_000))],
        "at most 20,000 are taken",
    ),
    "more service ports than anybody has": (lambda: [app(0, ports=1_001)], "at most 1,000 are taken"),
    "more vhosts than anybody has": (lambda: [app(0, VHOST="a," * 10_000)], "at most 10,000 are taken"),
    "more networks than anybody has": (
        lambda: [app(0, BACKEND_NETWORK_ALLOWED_ACL="10.0.0.0/8 " * 10_001)],
        "at most 10,000 are taken",
    ),
    "a template that names a long value many times": (
        lambda: [app(0, tasks=20, VHOST="a.x", PATH="/" + "x" * 20_000, HTTP_FRONTEND_ACL_WITH_PATH="{path}" * 20_000)],
        "characters of text",
    ),
    "a long template for each of many servers": (
        lambda: [app(0, tasks=1_000, BACKEND_SERVER_OPTIONS="x" * MEGABYTE + "\n")],
        "characters of text",
    ),
    "a list of nothing": (
        lambda: "[" + "1," * size(100_000, 1_000_000) + "1]",
        "more apps are not what they should be",
    ),
    "more labels than anybody has": (
        lambda: [app(0) | {"labels": dict.fromkeys(map(str, range(100_001)), 1)}],
        '"labels" has 100,001 members; at most 100,000 are taken',
    ),
    "more ports than there are": (lambda: [app(0) | {"ports": ["x"] * 100_001}], "at most 100,000 are taken"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_words(tmp_path: Path, make: Callable[[], Any], words: str) -> None:
    made = make()
    (tmp_path / "apps.json").write_text(made if isinstance(made, str) else json.dumps(made))
    ended = run(tmp_path, str(tmp_path / "apps.json"))
    assert words in ended.said
    assert (ended.status, ended.written) == (2, 0)
    # Nobody reads megabytes of words.
    assert len(ended.said) < MIB


def test_the_other_apps_are_served(tmp_path: Path) -> None:
    fleet = [app(0, tasks=21_000), app(1), app(2, VHOST="a," * 10_000), app(3, tasks=2)]
    (tmp_path / "apps.json").write_text(json.dumps(fleet))
    ended = run(tmp_path, str(tmp_path / "apps.json"))
    assert ended.status == 1
    text = (tmp_path / "out.cfg").read_text()
    assert [line for line in text.split("\n") if line.startswith("backend ")] == [
        "backend team_app-1_10001",
        "backend team_app-3_10003",
    ]
