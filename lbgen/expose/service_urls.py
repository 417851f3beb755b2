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
    if port and not _PORT.fullmatch(port):
        raise UsageError(f"--port: {port!r:.80} is neither the name nor the number of a port")
    segment = f"https:{service}:{port}" if https else f"{service}:{port}" if port else service
    return f"{_base(server)}/api/v1/namespaces/{namespace}/services/{segment}/proxy/{_path(path)}"


def _base(server: str) -> str:
    try:
        parts = urlsplit(server if "//" in server else f"https://{server}")
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or any(char.isspace() for char in server):
        raise UsageError(f"--server: {server!r:.80} is not the URL of an API, as in https://192.0.2.1:6443")
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path.rstrip('/'), safe=_SAFE)}"


def _path(path: str) -> str:
    """The path as it is to be sent: what is encoded stays so, and what may not stand in a URL is encoded."""
    before, question, query = path.removeprefix("/").partition("?")
    return f"{quote(before, safe=_SAFE)}{question}{quote(query, safe=_SAFE + '?')}"


_SAFE = "/%:@!$&'()*+,;=-._~"
_LABEL = regex(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORT = regex(r"[0-9]{1,5}|(?=.{1,15}\Z)[a-z0-9](?:-?[a-z0-9])*")
