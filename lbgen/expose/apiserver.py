"""Which API is exposed, how, and what of it every kind of definition says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lbgen.dataclass import dataclass
from lbgen.errors import UsageError
from lbgen.ports.package_options import SERVICE_NAMES, is_service_name
from lbgen.regex import regex

if TYPE_CHECKING:
    import re

Verify = Literal["none", "ca"]

CA_FILE = "/mnt/mesos/sandbox/.ssl/ca-bundle.crt"
"""Where DC/OS Enterprise puts the certificates of its authority."""
SSL_CERT = "/etc/ssl/cert.pem"
"""Marathon-LB's own certificate: self-signed, and made when its container starts."""
DAY = "86400s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServer:
    """The API of one Kubernetes cluster, and how it is exposed.

    `service_name` is the package's, as in "kubernetes-prod" or "team/kubernetes"; `name` is what the app or the pool
    is called. `verify` says whether the load balancer verifies the API server's certificate, by `ca_file`. With
    `passthrough` TLS is not ended, so that clients' certificates reach the API server; `sni` then is the host name
    that clients ask for, None where any will do. `improved` is for definitions that mend what is wrong with the
    published ones.
    """

    service_name: str = "kubernetes"
    name: str = "kubectl-proxy"
    port: int = 6443
    verify: Verify = "none"
    ca_file: str = CA_FILE
    ssl_cert: str = SSL_CERT
    group: str = "external"
    stats_port: int = 6090
    stats_address: str | None = None
    passthrough: bool = False
    sni: str | None = None
    improved: bool = False

    def __post_init__(self) -> None:
        """Raises UsageError where a value could not be written into a definition as it is."""
        if not is_service_name(self.service_name):
            raise UsageError(f"--service-name: {self.service_name!r:.80} cannot be used: {SERVICE_NAMES}")
        _check("--id", self.name, _NAME, "holds lower-case letters, digits, - and .")
        for option, value in (("--ca-file", self.ca_file), ("--ssl-cert", self.ssl_cert)):
            _check(option, value, _PATH, "is one word, without quotes and backslashes")
        _check("--group", self.group, _GROUP, "is one word, without commas")
        if self.sni is not None:
            _check("--sni", self.sni, _HOST, "is a host name")
        if self.stats_address is not None:
            _check("--stats-address", self.stats_address, _ADDRESS, "is an address or a host name")

    @property
    def host(self) -> str:
        """The name under which tasks of the cluster reach the API, whoever of the masters serves it."""
        return f"apiserver.{self.service_name.strip('/').replace('/', '')}.l4lb.thisdcos.directory"


def _check(option: str, value: str, allowed: re.Pattern[str], what: str) -> None:
    if not allowed.fullmatch(value) or not value.isprintable():
        raise UsageError(f"{option}: {value!r:.80} cannot be used: such a value {what}")


_NAME = regex(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_PATH = regex(r"[^\s\"'\\#{}$,]+")
_GROUP = regex(r"[^\s,]+")
_ADDRESS = regex(r"\*|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_HOST = regex(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
