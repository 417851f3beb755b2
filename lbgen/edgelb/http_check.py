"""The request of a health check: what stands behind `option httpchk`, and headers that were once hidden in it."""

from __future__ import annotations

from typing import NamedTuple

from lbgen.edgelb.spelling import spelled
from lbgen.haproxy.words import read_line


class CheckRequest(NamedTuple):
    """Method, path and version as HAProxy takes them today, and the arguments of `http-check send`, or nothing."""

    line: str
    send: str = ""


def check_request(text: str) -> CheckRequest:
    """The request, with headers and body taken out of the version: HAProxy 2.2 warns of them there, 3.0 refuses."""
    words = [word.text for word in read_line(text).words]
    if len(words) < 3 or "\n" not in words[2]:
        return CheckRequest(text.strip())
    version, _, rest = words[2].replace("\r\n", "\n").partition("\n")
    head, _, body = rest.partition("\n\n")
    headers = (line.partition(":") for line in head.split("\n") if line.strip())
    sent = [f"hdr {_format(name)} {_format(value)}" for name, _, value in headers]
    sent += [f"body {spelled(body)}"] if body.strip() else []
    return CheckRequest(" ".join([*map(spelled, words[:2]), version]), " ".join(sent))


def _format(text: str) -> str:
    return spelled(text.strip().replace("%", "%%")) if text.strip() else "''"
