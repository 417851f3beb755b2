"""Throw-away certificates for the ones that a configuration names and a test does not bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.parse import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_certificates(config: str, files: Mapping[str, bytes], environment: Mapping[str, str]) -> dict[str, bytes]:
    """The files, and a certificate for `localhost` and `127.0.0.1` at every path of a `crt` that is not among them."""
    from lbgen.check.references import Kind, references
    from lbgen.check.throwaway import self_signed

    named = (each.path for each in references(parse(config), environment) if each.kind is Kind.CERTIFICATE)
    paths = {f"{path}lbgen.pem" if path.endswith("/") else path for path in named}
    missing = sorted(path for path in paths - files.keys() if not any(file.startswith(f"{path}/") for file in files))
    return {**{path: self_signed(["localhost", "127.0.0.1"]) for path in missing}, **files}
