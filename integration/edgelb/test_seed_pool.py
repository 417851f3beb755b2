"""The example pool from end to end: the API servers that Mesos tells of answer through it, on every HAProxy."""

from __future__ import annotations

import http.client
import json
import ssl
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.testing import Stub, run_haproxy, run_stubs, self_signed, trusting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Address, Haproxy

POOL = Path(__file__).parent.parent.parent / "examples" / "kubectl-proxy-pool.json"
SCHEDULER = "6ae43c5f-0001"
AGENT = "6ae43c5f-S1"
# Connects to where the load balancer itself would reach its statistics.
INSIDE = """
listen inside
  mode tcp
  bind :7000
  server statistics 127.0.0.1:6090
"""


def state(api: Address) -> dict[str, Any]:
    """What a Mesos master tells of a cluster of Kubernetes whose API server is at this address."""
    tasks = [
        # The etcd next to it, an API server that has ended, and one of another framework: none is meant.
        task("etcd-0-peer", "etcd", 2379),
        task("kube-apiserver-1-instance", "apiserver", 1, state="TASK_KILLED"),
        task("kube-apiserver-0-instance", "apiserver", api.port),
    ]
    other = task("kube-apiserver-0-instance", "apiserver", 2, framework_id="other")
    return {
        "slaves": [{"id": AGENT, "hostname": api.host}],
        "frameworks": [
            {"id": SCHEDULER, "name": "kubernetes", "tasks": tasks},
            {"id": "other", "name": "kubernetes-too", "tasks": [other]},
        ],
    }


def task(name: str, port_name: str, number: int, **other: Any) -> dict[str, Any]:
    """A task with one port on the one agent."""
    return {
        "id": f"{name}__{number}",
        "name": name,
        "framework_id": SCHEDULER,
        "slave_id": AGENT,
        "state": "TASK_RUNNING",
        "discovery": {"ports": {"ports": [{"number": number, "name": port_name, "protocol": "tcp"}]}},
        **other,
    }


def generate(pool: Path, api: Address, directory: Path) -> str:
    """Runs lbgen on the pool in this directory, and returns the configuration that it writes."""
    (directory / "state.json").write_text(json.dumps(state(api)))
    command = ["haproxy", "from-pool", str(pool), "--tasks", "state.json", "-o", "haproxy.cfg"]
    ended = subprocess.run(
        [sys.executable, "-m", "lbgen", *command], cwd=directory, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return (directory / "haproxy.cfg").read_text()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where lbgen is run again and again, so that it finds its own certificate."""
    return tmp_path_factory.mktemp("seed")


@contextmanager
def serving(pool: Path, image: str, directory: Path, more: str = "") -> Iterator[Haproxy]:
    api = Stub("api", 6443, certificate=self_signed(["api.example.org"]))
    with run_stubs(api, image=image) as stubs:
        text = generate(pool, stubs["api"], directory)
        certificate = directory / "autocert.pem"
        files = {str(certificate): certificate.read_bytes()}
        with run_haproxy(text + more, stubs=stubs, files=files) as haproxy:
            yield haproxy


@pytest.fixture(scope="module")
def haproxy(haproxy_image: str, directory: Path) -> Iterator[Haproxy]:
    """The example on every HAProxy."""
    with serving(POOL, haproxy_image, directory) as running:
        yield running


def test_there_is_no_warning(haproxy: Haproxy) -> None:
    assert haproxy.warnings() == []


def test_the_api_server_answers_through_6443(haproxy: Haproxy) -> None:
    seen = haproxy.request(6443, "/version", tls=True).json()
    assert (seen["stub"], seen["path"]) == ("api", "/version")
    assert seen["tls"]["version"].startswith("TLSv1")
    assert seen["headers"]["x-forwarded-port"] == ["6443"]
    assert seen["headers"]["x-forwarded-proto"] == ["https"]
    assert len(seen["headers"]["x-forwarded-for"]) == 1


def test_only_the_api_server_that_runs_is_a_server(haproxy: Haproxy) -> None:
    rows = [line.split(",") for line in haproxy.ask("show stat").splitlines() if line]
    servers = [row[1] for row in rows if row[0] == "kubernetes-apiserver" and row[1] != "BACKEND"]
    host, port = haproxy.stubs["api"]
    assert servers == [f"agentip_{host}_{port}"]


def test_clients_see_the_automatic_certificate(haproxy: Haproxy, directory: Path) -> None:
    context = trusting((directory / "autocert.pem").read_bytes())
    assert haproxy.request(6443, tls=context, server_name="kubectl-proxy").status == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        haproxy.request(6443, tls=context, server_name="api.example.org")


def test_the_automatic_certificate_is_kept_and_nobody_elses_to_read(haproxy: Haproxy, directory: Path) -> None:
    certificate = directory / "autocert.pem"
    before = certificate.read_bytes()
    generate(POOL, haproxy.stubs["api"], directory)
    assert certificate.read_bytes() == before
    assert stat.S_IMODE(certificate.stat().st_mode) == 0o600


def test_statistics_and_health_answer_on_6090(haproxy: Haproxy) -> None:
    assert haproxy.request(6090, "/_haproxy_health_check").status == 200
    assert "kubernetes-apiserver,agentip_" in haproxy.request(6090, "/haproxy?stats;csv").text


def test_statistics_on_the_loopback_address_are_there_and_not_for_others(haproxy_image: str, directory: Path) -> None:
    value = json.loads(POOL.read_text())
    value["haproxy"]["stats"]["bindAddress"] = "127.0.0.1"
    pool = directory / "hidden.json"
    pool.write_text(json.dumps(value))

    with serving(pool, haproxy_image, directory, more=INSIDE) as haproxy:
        assert haproxy.request(6443, tls=True).status == 200
        assert haproxy.request(7000, "/_haproxy_health_check").status == 200
        with pytest.raises((OSError, http.client.HTTPException)):
            haproxy.request(6090, "/_haproxy_health_check")
