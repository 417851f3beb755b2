"""Paths that are rewritten to something else than was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.said import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said


def paths(pool: Pool) -> Iterator[Said]:
    """Remarks about rewritten paths."""
    for backend in pool.backends:
        rewrite = backend.rewrite
        if backend.http and rewrite is not None and rewrite.path is not None and any(rewrite.path):
            yield from _spelling(f"{backend.at}/rewriteHttp/path", *rewrite.path)
            yield from _slashes(f"{backend.at}/rewriteHttp/path", *rewrite.path, rewrites=rewrite.rewrite_path)


def _spelling(at: str, source: str, target: str) -> Iterator[Said]:
    for key, path in (("fromPath", source), ("toPath", target)):
        if path and not path.startswith("/"):
            message = f'"{path:.60}" does not begin with "/", as every path does'
            yield warning("path-without-slash", f"{at}/{key}", message)
        if "//" in path:
            message = f'"{path:.60}" has two slashes in a row, which requests hardly have'
            yield warning("double-slash", f"{at}/{key}", message)


def _slashes(at: str, source: str, target: str, *, rewrites: bool) -> Iterator[Said]:
    ends = source.endswith("/"), target.endswith("/")
    if ends[0] != ends[1] and source and target:
        if ends[0] and rewrites:
            example = f"{source}x becomes {target}x"
            yield warning("slash-mismatch", at, f'one of the paths ends with "/" and the other does not: {example}')
        else:
            message = 'one of the paths ends with "/" and the other does not, which Edge-LB 1.0 refuses'
            yield info("slash-mismatch", at, message)
    if rewrites and source and not ends[0]:
        message = f'"{source:.60}" is the beginning of a path, not a directory: {source:.60}x is rewritten too'
        yield info("path-prefix", f"{at}/fromPath", message)
