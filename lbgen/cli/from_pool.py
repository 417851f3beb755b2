"""`lbgen haproxy from-pool`: Edge-LB pools in, a haproxy.cfg of each out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import (
    checking,
    checking_of,
    endpoints,
    refuse_control_characters,
    stdin_filename,
    telling,
)
from lbgen.cli.pool_options import dialect, pool_options, pool_writing
from lbgen.cli.ports_db import ports_db, reserved
from lbgen.cli.streams import put, say
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.edgelb.pool import Pool
    from lbgen.finding import Finding
    from lbgen.pipeline.pools import PoolInputs, PoolOptions, PoolResult

_EPILOG = """Exit status: 0 everything was generated, 1 a pool was left out, 2 nothing was.

FILE is a pool of V1 or V2, in JSON or YAML, or several, as {"pools": [..]}; a directory is read whole; - is standard
input. Several pools are written into a directory, as POOL.cfg each, with their certificates in POOL/."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@dialect
@click.option(
    "--tasks",
    multiple=True,
    metavar="FILE",
    help="Tasks: a reply of Mesos (/state, /tasks) or Marathon (/v2/apps?embed=apps.tasks), apps, pods. Repeatable.",
)
@click.option("-o", "--output", metavar="FILE|DIR/", help="Write here, whole or not at all.")
@click.option("--annotate", is_flag=True, help="End each line with the pool and the value that it comes from.")
@checking("--check", "none", "Ask HAProxy, and leave out the pools that it refuses.")
@click.option(
    "--cert-dir", metavar="DIR", help="Where autocert.pem, secrets/ and envfile/ are.  [default: beside the output]"
)
@click.option(
    "--autocert-key",
    type=click.Choice(["rsa", "ec"]),
    default="rsa",
    show_default=True,
    help="Key of an automatic certificate: RSA of 4096 bits, or on the curve P-256.",
)
@pool_writing
@endpoints
@ports_db
@stdin_filename
@telling
def command(files: tuple[str, ...], output: str | None, annotate: bool, **given: Any) -> int:
    """Generate haproxy.cfg from Edge-LB pools, on standard output, to a file, or to a directory."""
    from lbgen.pipeline.pools import read_pools

    options = _options(given)
    checking_of(given)
    return generate(
        read_pools(files, tasks=given["tasks"], stdin_name=given["stdin_filename"]), options, output, annotate, given
    )


def generate(
    inputs: PoolInputs, options: PoolOptions, output: str | None, annotate: bool, given: dict[str, Any]
) -> int:
    """Generates, checks and writes what is asked for, tells what there is to say, and returns the exit status."""
    from lbgen.cli.telling import tell
    from lbgen.edgelb.traced import at_origins

    if not inputs.tasks_read:
        tell(inputs.findings, inputs.documents, given)
        return 2
    places = _Places(output, given["cert_dir"], several=len(inputs.pools) + inputs.left_out > 1)
    results = [_generated(pool, inputs, options, places, given) for pool in inputs.pools]
    said = [*inputs.findings, *(finding for result in results for finding in result.findings)]
    written = [result for result in results if result.rendered is not None and _usable(result, options, output)]
    try:
        places.check()
        said += _write(written, places, annotate, given)
    finally:
        tell(at_origins(said, inputs.origins), inputs.documents, given)
    complete = len(written) == len(results) and all(result.accepted for result in written) and not inputs.left_out
    status = 2 if not written else int(not complete)
    _end(inputs, results, written, status, output, quiet=given["quiet"])
    return status


def _end(
    inputs: PoolInputs,
    results: Sequence[PoolResult],
    written: Sequence[PoolResult],
    status: int,
    output: str | None,
    *,
    quiet: bool,
) -> None:
    from lbgen.cli.ending import counted, end

    unusable = f"{inputs.left_out} unusable pool{'s'[: inputs.left_out > 1]}"
    names = [result.pool.name for result in results if result not in written]
    number = len(names) + inputs.left_out
    names += [unusable] * bool(inputs.left_out)
    where = f" to {output}" if output is not None else ""
    done = (counted(len(written), "pool", "written") if written else "nothing is written") + where
    end(names, number, [done], complete=status == 0, to_file=output is not None, quiet=quiet)


def _options(given: dict[str, Any]) -> PoolOptions:
    from lbgen.config import find

    refuse_control_characters(given, "cert_dir")
    return pool_options(given, reservations=reserved(given["ports_db"], find(Path.cwd())))


class _Places:
    """Where the files of each pool go."""

    def __init__(self, output: str | None, cert_dir: str | None, *, several: bool) -> None:
        from lbgen.cli.placing import is_directory

        self.output = output
        self.several = several
        self.directory = output is not None and is_directory(output)
        self._cert_dir = cert_dir

    def check(self) -> None:
        """Raises UsageError where there are several pools and one place."""
        if self.several and not self.directory:
            where = "standard output" if self.output is None else f"-o {self.output}"
            raise UsageError(f"several pools cannot go to {where}", help="name a directory, as in -o DIR/")

    def config(self, pool: Pool) -> Path | None:
        """The file of the configuration; None for standard output."""
        if self.output is None:
            return None
        return Path(self.output, f"{pool.name}.cfg") if self.directory else Path(self.output)

    def certificates(self, pool: Pool) -> Path:
        """The directory of the pool's certificates; secrets of several pools may have one name."""
        config = self.config(pool)
        beside = Path() if config is None else config.parent
        root = Path(os.path.abspath(self._cert_dir or beside))  # noqa: PTH100 - links stay as the user named them
        return root / pool.name if self.directory else root

    @property
    def writes_certificates(self) -> bool:
        """Whether anybody said where they go."""
        return self.output is not None or self._cert_dir is not None


def _generated(
    pool: Pool, inputs: PoolInputs, options: PoolOptions, places: _Places, given: dict[str, Any]
) -> PoolResult:
    from lbgen.pipeline.pools import checked, from_pool

    options = replace(options, certificates=str(places.certificates(pool)))
    result = from_pool(pool, inputs.tasks, options)
    checking = checking_of(given)
    if checking is None:
        return result
    from lbgen.pipeline.checking import told

    name = str(places.config(pool) or f"{pool.name}.cfg")
    result = checked(result, options, checking, name)
    for line in () if given["quiet"] else told(result.tool, result.supplied, options.target):
        say(f"lbgen: {pool.name}: {line}")
    return result


def _usable(result: PoolResult, options: PoolOptions, output: str | None) -> bool:
    """Whether the text is written: in Edge-LB's dialect, standard output gets it refused as well."""
    if result.accepted or (not options.portable and output is None):
        return True
    say(f"lbgen: {result.pool.name}: nothing is written: HAProxy refuses the configuration")
    return False


def _write(results: Sequence[PoolResult], places: _Places, annotate: bool, given: dict[str, Any]) -> list[Finding]:
    """Writes everything, and returns what is to be said of it."""
    from lbgen.pipeline.output import write_files

    said = list(_beside(results, places, given))
    texts = {places.config(result.pool): _text(result, annotate) for result in results}
    if None in texts:
        put(texts[None])
    elif texts:
        if places.directory:
            Path(str(places.output)).mkdir(parents=True, exist_ok=True)
        write_files({path: text for path, text in texts.items() if path is not None})
    return said


def _beside(results: Sequence[PoolResult], places: _Places, given: dict[str, Any]) -> Iterator[Finding]:
    from lbgen.edgelb.said import findings, info
    from lbgen.pipeline.pool_files import write_beside

    if given["dialect"] != "portable":
        return
    for result in results:
        pool = result.pool
        if places.writes_certificates:
            yield from write_beside(pool, places.certificates(pool), given["autocert_key"])
        elif pool.fields.get("autoCertificate"):
            message = "the automatic certificate is made with -o or --cert-dir only"
            yield from findings([info("certificate-not-made", f"{pool.at}/autoCertificate", message)], pool.document)


def _text(result: PoolResult, annotate: bool) -> str:
    from lbgen.pipeline.pool_files import annotated_pool

    assert result.rendered is not None  # only those are written that there are  # noqa: S101
    return annotated_pool(result.rendered, result.pool) if annotate else result.rendered.text
