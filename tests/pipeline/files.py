"""Files of apps for tests, and what lbgen says of them."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen import report
from lbgen.pipeline import Generated, Options, from_apps, read_inputs

if TYPE_CHECKING:
    from pathlib import Path

GROUP = {"HAPROXY_GROUP": "external"}
GOOD = {"id": "/good", "ports": [20000], "labels": GROUP, "tasks": [{"host": "10.0.0.1", "ports": [31000]}]}


class Outcome(NamedTuple):
    """What came of some files: the text, and what is said, one line each, as `file:line:column: severity[rule] ...`."""

    generated: Generated
    said: list[str]

    @property
    def text(self) -> str:
        """The configuration; fails where there is none."""
        assert self.generated.rendered is not None, self.said
        return self.generated.rendered.text

    @property
    def backends(self) -> list[str]:
        """The names of the apps' backends."""
        lines = self.generated.rendered.text.split("\n") if self.generated.rendered else []
        return [line.removeprefix("backend ") for line in lines if line.startswith("backend ")]

    @property
    def status(self) -> int:
        """The exit status of the command."""
        return 2 if self.generated.rendered is None else int(self.generated.left_out > 0)


def put(path: Path, value: Any) -> str:
    """Writes a value as JSON, or text or bytes as they are; returns the path."""
    data = value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
    path.write_bytes(data)
    return str(path)


def outcome(*paths: str, tasks: tuple[str, ...] = (), **options: Any) -> Outcome:
    """What comes of these files, whose names are told without their directories."""
    inputs = read_inputs(paths, tasks=tasks)
    generated = from_apps(inputs, Options(**{"hosts": {}} | options))
    stream = StringIO()
    report.write(generated.findings, inputs.documents, stream, format="concise")
    directories = {path.rpartition("/")[0] + "/" for path in (*paths, *tasks)}
    lines = stream.getvalue()
    for directory in sorted(directories, key=len, reverse=True):
        lines = lines.replace(directory, "")
    return Outcome(generated, lines.splitlines())
