"""The certificates of Kubernetes' aggregation layer on the command line: made, and looked at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from lbgen.cli.streams import put, say
from lbgen.errors import UsageError


def certificates(given: dict[str, Any]) -> int:
    """Makes the set of certificates in one directory, or looks at those of another; the exit status."""
    if given["make_certificates"] is not None and given["check_certificates"] is not None:
        raise UsageError("--make-certificates and --check-certificates do not go together")
    if "" in (given["make_certificates"], given["check_certificates"]):
        raise UsageError("the name of a directory is empty")
    return _make(given) if given["make_certificates"] is not None else _check(given)


def _make(given: dict[str, Any]) -> int:
    from lbgen.expose.certificates.making import HOSTS, NAME, Set, make_certificates

    names = given["allowed_names"] or (NAME,)
    if len(names) > 1:
        raise UsageError("--allowed-name: a certificate is made for one name")
    hosts = tuple(dict.fromkeys((*HOSTS, *given["hosts"])))
    wanted = Set(names[0], given["subject"] if given["subject"] is not None else Set().subject, hosts)
    made = make_certificates(Path(given["make_certificates"]), wanted)
    put("".join(f"{path}\n" for path in made))
    if not given["quiet"]:
        _advise(made)
    return 0


def _advise(made: Any) -> None:
    ca, _, certificate, key = made
    say("lbgen: whoever has a key of these can be anybody to the aggregated API servers: keep them to the API server")
    say("\nOptions of the API server:\n")
    for option, value in (
        ("requestheader-client-ca-file", ca),
        ("requestheader-allowed-names", certificate.stem),
        ("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
        ("requestheader-group-headers", "X-Remote-Group"),
        ("requestheader-username-headers", "X-Remote-User"),
        ("proxy-client-cert-file", certificate),
        ("proxy-client-key-file", key),
    ):
        say(f"  --{option}={value}")


def _check(given: dict[str, Any]) -> int:
    from lbgen.expose.certificates.checking import Expected, check_certificates
    from lbgen.expose.certificates.reading import read_certificates
    from lbgen.report.visible import visible

    directory = Path(given["check_certificates"])
    expected = Expected(given["allowed_names"] or ("aggregator",), given["hosts"], dt.datetime.now(dt.UTC))
    remarks = check_certificates(read_certificates(directory), expected)
    for remark in remarks:
        file = f"{directory / remark.file}: " if remark.file else ""
        put(visible(f"{file}{'error: ' if remark.wrong else ''}{remark.text}") + "\n")
    wrong = sum(remark.wrong for remark in remarks)
    if not given["quiet"]:
        say(f"lbgen: {_counted(wrong)}")
    return 1 if wrong else 0


def _counted(wrong: int) -> str:
    if not wrong:
        return "nothing is wrong with them"
    return "one thing has to be mended" if wrong == 1 else f"{wrong} things have to be mended"
