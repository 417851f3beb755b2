"""A Kubernetes API server, the load balancers that expose it, and kubectl."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from integration.kubernetes.apiserver import ApiServer
from lbgen.expose.certificates.making import Set, make_certificates
from lbgen.testing import Authority, Haproxy, run_haproxy
from lbgen.testing.plugin import give_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
HOST = "apiserver.kubernetes.l4lb.thisdcos.directory"
CA_FILE = "/mnt/mesos/sandbox/.ssl/ca-bundle.crt"
# Longer than the timeouts of a configuration that does not say otherwise.
SILENCE = 60.0
PUBLISHED = {
    "app": "kubectl-proxy.json",
    "verifying app": "kubectl-proxy-verify.json",
    "other app": "kubeapi-proxy.json",
    "pool": "kubectl-proxy-pool.json",
    "pool of V1": str(HERE / "kubectl-proxy-pool-v1.json"),
}
EXPOSED = {
    "improved app": ["--improve", "--verify", "ca"],
    "improved pool": ["--improve", "--via", "edge-lb"],
    "verifying pool": ["--via", "edge-lb", "--verify", "ca"],
    "app that passes through": ["--passthrough"],
    "app that passes through by name": ["--passthrough", "--sni", "localhost"],
    "pool that passes through": ["--passthrough", "--via", "edge-lb"],
    "pool that passes through by name": ["--passthrough", "--sni", "localhost", "--via", "edge-lb"],
}
ALL = [*PUBLISHED, *EXPOSED]


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Who signs the certificates of this Kubernetes."""
    return Authority.new("kubernetes")


@pytest.fixture(scope="session")
def front_proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of the aggregation layer, as lbgen makes them."""
    directory = tmp_path_factory.mktemp("front-proxy")
    make_certificates(directory, Set())
    return directory


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory, authority: Authority, front_proxy: Path) -> Iterator[ApiServer]:
    certificate = authority.issue([HOST, "localhost", "127.0.0.1"])
    clients = authority.pem + (front_proxy / "aggregator-ca.pem").read_bytes()
    with ApiServer(tmp_path_factory.mktemp("api"), certificate, clients, SILENCE) as api:
        yield api


def lbgen(*arguments: object) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "lbgen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def definition(name: str, directory: Path) -> Path:
    """The file of the definition: a published one, or one that lbgen writes."""
    if name in PUBLISHED:
        return EXAMPLES / PUBLISHED[name]
    file = directory / f"{name.replace(' ', '-')}.json"
    lbgen("expose", "kubernetes-api", *EXPOSED[name], "-o", file)
    return file


def configuration(file: Path, api: ApiServer) -> str:
    """The file's haproxy.cfg, with this API server in place of a cluster's."""
    value = json.loads(file.read_text())
    text = lbgen("haproxy", "from-app" if "labels" in value else "from-pool", file)
    text, times = re.subn(
        r"apiserver\.\w+\.l4lb\.thisdcos\.directory:6443|192\.0\.2\.1:31000", f"127.0.0.1:{api.port}", text
    )
    assert times == 1
    return text


@contextmanager
def exposed(text: str, authority: Authority, **more: Any) -> Iterator[Haproxy]:
    """HAProxy with this configuration, which finds the cluster's authority where it looks for it."""
    with run_haproxy(text, files={CA_FILE: authority.pem, **more}, engine="binary") as haproxy:
        yield haproxy


@pytest.fixture(scope="module", params=ALL)
def load_balancer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, api: ApiServer, authority: Authority
) -> Iterator[Haproxy]:
    """Each definition in turn, served."""
    file = definition(request.param, tmp_path_factory.mktemp("definition"))
    with exposed(configuration(file, api), authority) as haproxy:
        yield haproxy


@pytest.fixture(scope="session")
def kubectl_binary() -> str:
    found = shutil.which("kubectl")
    if found is None:
        give_up("needs kubectl (Debian's kubernetes-client)")
    return found


class Kubectl:
    """kubectl with a kubeconfig of its own, which leads to this load balancer."""

    def __init__(
        self, binary: str, directory: Path, haproxy: Haproxy, cluster: dict[str, Any] | None = None, **user: str
    ) -> None:
        address = haproxy.address(6443)
        self._binary = binary
        self._directory = directory
        # localhost, not an address: clients send no SNI for an address.
        cluster = cluster or {"server": "https://localhost:6443", "insecure-skip-tls-verify": True}
        cluster["server"] = cluster["server"].replace(":6443", f":{address.port}")
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "it", "cluster": cluster}],
            "users": [{"name": "jane", "user": user or {"token": "secret-of-jane"}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "jane"}}],
            "current-context": "it",
        }
        (directory / "kubeconfig").write_text(json.dumps(config))

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The process with these arguments, and pipes to and from it."""
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "KUBECONFIG": str(self._directory / "kubeconfig"),
            "HOME": str(self._directory),
            # Later ones prefer WebSocket, which is tried by itself.
            "KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false",
            "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false",
        }
        pipe = subprocess.PIPE
        return subprocess.Popen([self._binary, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env=environment)

    def __call__(self, *arguments: str, stdin: bytes = b"", timeout: float = 60) -> tuple[str, str, int]:
        """What kubectl prints on both sides, and its status."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(stdin, timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return out.decode(), err.decode(), process.returncode


@pytest.fixture
def kubectl_to(kubectl_binary: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Kubectl]:
    """A function that gives the kubectl for a load balancer."""

    def kubectl_to(haproxy: Haproxy, cluster: dict[str, Any] | None = None, **user: str) -> Kubectl:
        return Kubectl(kubectl_binary, tmp_path_factory.mktemp("kubectl"), haproxy, cluster, **user)

    return kubectl_to


@pytest.fixture
def kubectl(kubectl_to: Callable[..., Kubectl], load_balancer: Haproxy) -> Kubectl:
    return kubectl_to(load_balancer)
