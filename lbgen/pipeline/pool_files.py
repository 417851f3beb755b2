"""What lies beside the configuration of a pool: its automatic certificate, and what its environment holds for files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.edgelb import autocert
from lbgen.edgelb.said import findings, info
from lbgen.errors import ToolError
from lbgen.haproxy.annotation import marked
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said
    from lbgen.finding import Finding
    from lbgen.render.writer import Rendered

_ENVIRONMENT_FILE = regex(r"ELB_FILE_[A-Za-z0-9_-]*")


def annotated_pool(rendered: Rendered, pool: Pool) -> str:
    """The text with a comment on each line that the pool made: which pool, and the pointer to the value."""
    lines = rendered.text.split("\n")
    for index, line in enumerate(lines):
        because = rendered.source_map.because(index + 1)
        if because is not None:
            lines[index] = marked(line, pool=pool.name, pointer=because.at)
    return "\n".join(lines)


def write_beside(pool: Pool, directory: Path, key: str) -> list[Finding]:
    """Makes the pool's own files in the directory, readable by their owner alone; what is there is kept.

    `key` is the kind of the automatic certificate's key. Returns what else has to be put there; raises ToolError where
    a file cannot be written.
    """
    for name, content in _contents(pool, key):
        _make(directory / name, content)
    return findings(_to_be_put(pool, directory), pool.document)


def _contents(pool: Pool, key: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if pool.fields.get("autoCertificate"):
        yield autocert.FILE, lambda: autocert.automatic_certificate(pool.name, key)
    for name, value in pool.environment.items():
        if _ENVIRONMENT_FILE.fullmatch(name):
            yield f"envfile/{name}", value.encode


def _make(path: Path, content: Callable[[], bytes]) -> None:
    """Makes the file whole or not at all, unless it is there."""
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Such a file is made for its owner alone.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}") from None


def _to_be_put(pool: Pool, directory: Path) -> Iterator[Said]:
    """Secrets are the operator's to bring."""
    for index, secret in enumerate(pool.fields.get("secrets") or ()):
        path = directory / "secrets" / secret["file"]
        if not path.exists():
            message = f'the secret "{secret["secret"]}" belongs into {path}, which is not there yet'
            yield info("secret-missing", f"{pool.at}/secrets/{index}", message)
