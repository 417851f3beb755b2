"""A real HAProxy that serves Marathon apps: what lbgen makes of them is what runs."""

from __future__ import annotations

import posixpath
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.errors import InputError
from lbgen.testing.haproxy import run_haproxy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.pipeline.options import Options
    from lbgen.testing.haproxy import Haproxy


@contextmanager
def run_from_apps(
    apps: Any, *, options: Options | None = None, files: Mapping[str, bytes] | None = None, **rest: Any
) -> Iterator[Haproxy]:
    """Starts HAProxy with what lbgen generates for these apps, as run_haproxy does, which `rest` goes to.

    `apps` is what `lbgen haproxy from-app` reads: a path or a decoded JSON value, one app, a list of them, or a reply
    of Marathon. Raises InputError unless every app is served.
    """
    config, maps = configuration(apps, options)
    with run_haproxy(config, files={**maps, **(files or {})}, **rest) as haproxy:
        yield haproxy


def configuration(apps: Any, options: Options | None = None) -> tuple[str, dict[str, bytes]]:
    """The text that serves these apps, and the files that it reads, by their paths; raises InputError as above."""
    from lbgen import pipeline

    chosen = options or pipeline.Options()
    inputs = pipeline.read_inputs([str(apps)]) if isinstance(apps, str | Path) else pipeline.from_values("apps", apps)
    generated = pipeline.from_apps(inputs, chosen)
    if generated.rendered is None or generated.left_out:
        said = "; ".join(finding.message for finding in generated.findings) or "there is nothing to serve"
        msg = f"not every app can be served: {said}"
        raise InputError(msg)
    folder = posixpath.dirname(chosen.haproxy_config)
    maps = {posixpath.join(folder, name): text.encode() for name, text in generated.rendered.maps.items()}
    return generated.rendered.text, maps
