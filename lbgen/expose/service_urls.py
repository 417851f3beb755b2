"""URLs of services inside a Kubernetes cluster, which its API server passes requests on to."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from lbgen.errors import UsageError
from lbgen.regex import regex


def service_url(
    server: str, namespace: str, service: str, *, port: str = "", https: bool = False, path: str = ""
) -> str:
    """Where the service's `path`, with a query or without one, is reached through the API at `server`.

    `port` is a name or a number, empty for the only port; `https` is how the API server speaks to the service. Raises
    UsageError for what no service can be called.
    """
    for option, value in (("--namespace", namespace), ("--service", service)):
        if not _LABEL.fullmatch(value):
            allowed = "lower-case letters, digits and -, at most 63"
            raise UsageError(f"{option}: {value!r:.80} is no name of Kubernetes: {allowed}")
    if port and not _is_port(port):
        raise UsageError(f"--port: {port!r:.80} is neither the name nor the number of a port")
    segment = f"https:{service}:{port}" if https else f"{service}:{port}" if port else service
    return f"{_base(server)}/api/v1/namespaces/{namespace}/services/{segment}/proxy/{_path(path)}"


def _base(server: str) -> str:
    try:
        parts = urlsplit(server if "//" in server else f"https://{server}")
        usable = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or not server.isprintable() or " " in server:
        raise UsageError(f"--server: {server!r:.80} is not the URL of an API, as in https://192.0.2.1:6443")
    return f"{parts.scheme}://{parts.netloc}{_encoded(parts.path.rstrip('/'), _SAFE)}"


def _is_port(text: str) -> bool:
    return 1 <= int(text) <= 65535 if _NUMBER.fullmatch(text) else _PORT.fullmatch(text) is not None


def _path(path: str) -> str:
    """The path as it is to be sent: what is encoded stays so, and what may not stand in a URL is encoded."""
    before, question, query = path.removeprefix("/").partition("?")
    return f"{_encoded(before, _SAFE)}{question}{_encoded(query, _SAFE + '?')}"


def _encoded(text: str, safe: str) -> str:
    # What is no text was given as bytes. A percent sign by itself would be refused.
    return quote(_BARE_PERCENT.sub("%25", text), safe=safe, errors="surrogateescape")


_SAFE = "/%:@!$&'()*+,;=-._~"
_LABEL = regex(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = regex(r"[0-9]{1,5}")
_PORT = regex(r"(?=.{1,15}\Z)(?=.*[a-z])[a-z0-9](?:-?[a-z0-9])*")
_HOST = regex(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_BARE_PERCENT = regex(r"%(?![0-9A-Fa-f]{2})")
