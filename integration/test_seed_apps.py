"""The example apps, generated and run by every HAProxy: accepted without a warning of lbgen's own, and serving."""

from __future__ import annotations

import re
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lbgen.testing import Authority, HaproxyDidNotStart, Stub, run_from_apps, self_signed, trusting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Haproxy

EXAMPLES = Path(__file__).parent.parent / "examples"
APPS = ("kubectl-proxy", "kubectl-proxy-verify", "kubeapi-proxy")
API_SERVER = "apiserver.kubernetes.l4lb.thisdcos.directory"
HOSTS = (API_SERVER, "apiserver.devkubernetes01.l4lb.thisdcos.directory")
CA_FILE = "/mnt/mesos/sandbox/.ssl/ca-bundle.crt"
SILENCE = 40


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new()


@contextmanager
def serving(app: str, image: str, authority: Authority, *, trusted: bytes | None = None) -> Iterator[Haproxy]:
    """HAProxy with the app's configuration, and in place of its API server a stub with the authority's certificate."""
    api = Stub("api", port=6443, hosts=HOSTS, certificate=authority.issue(HOSTS))
    files = {CA_FILE: trusted or authority.pem, "/etc/ssl/cert.pem": self_signed(["localhost"])}
    with run_from_apps(EXAMPLES / f"{app}.json", image=image, stubs=[api], files=files) as haproxy:
        yield haproxy


@pytest.fixture(scope="module", params=APPS)
def app(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def haproxy(app: str, haproxy_image: str, authority: Authority) -> Iterator[Haproxy]:
    """Every app on every HAProxy, with everything right."""
    with serving(app, haproxy_image, authority) as running:
        yield running


def test_the_only_warning_is_about_what_the_label_says(haproxy: Haproxy) -> None:
    warnings = haproxy.warnings()
    assert len(warnings) == 1, warnings
    assert "'timeout client' will be ignored because backend 'kub" in warnings[0]


def test_the_api_server_answers_through_the_service_port(haproxy: Haproxy) -> None:
    seen = haproxy.request(6443, "/version", tls=True).json()
    assert (seen["stub"], seen["path"]) == ("api", "/version")
    assert seen["tls"]["version"].startswith("TLSv1")
    assert seen["headers"]["x-forwarded-port"] == ["6443"]
    assert seen["headers"]["x-forwarded-proto"] == ["https"]
    assert len(seen["headers"]["x-forwarded-for"]) == 1


def test_the_app_answers_by_its_id_on_9091(app: str, haproxy: Haproxy) -> None:
    name = app.removesuffix("-verify")
    answer = haproxy.request(9091, "/api", headers={"X-Marathon-App-Id": f"/{name}"})
    nobody = haproxy.request(9091, "/api", headers={"X-Marathon-App-Id": "/nobody"})
    assert answer.json()["stub"] == "api"
    assert "x-forwarded-proto" not in answer.json()["headers"]
    assert nobody.status == 503


def test_statistics_and_health_answer_on_9090(haproxy: Haproxy) -> None:
    health = haproxy.request(9090, "/_haproxy_health_check")
    statistics = haproxy.request(9090, "/haproxy?stats;csv")
    assert health.status == 200
    assert statistics.status == 200
    assert re.search(r"^kube\w+-proxy_6443,kube-apiserver,", statistics.text, re.MULTILINE)


def test_ports_80_and_443_answer_nobody_in_particular(haproxy: Haproxy) -> None:
    assert haproxy.request(80).status == 503
    assert haproxy.request(443, tls=True).status == 503


def test_clients_get_the_certificate_of_the_label(haproxy_image: str, authority: Authority) -> None:
    mine = authority.issue(["lb.example.org"])
    stubs = [Stub("api", 6443, HOSTS, self_signed(HOSTS))]
    files = {"/etc/ssl/cert.pem": mine}
    with run_from_apps(EXAMPLES / "kubectl-proxy.json", image=haproxy_image, stubs=stubs, files=files) as haproxy:
        context = trusting(authority.pem)
        assert haproxy.request(6443, tls=context, server_name="lb.example.org").status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            haproxy.request(6443, tls=context, server_name="other.example.org")


def test_an_unknown_authority_is_no_matter_without_verification(haproxy_image: str, authority: Authority) -> None:
    with serving("kubectl-proxy", haproxy_image, authority, trusted=Authority.new("other").pem) as haproxy:
        assert haproxy.request(6443, tls=True).status == 200


def test_an_api_server_of_the_wrong_authority_gets_no_request(haproxy_image: str, authority: Authority) -> None:
    with serving("kubectl-proxy-verify", haproxy_image, authority, trusted=Authority.new("other").pem) as haproxy:
        assert haproxy.request(6443, tls=True).status == 503


def test_a_missing_certificate_ends_the_start_with_words_of_haproxy(haproxy_image: str) -> None:
    app = EXAMPLES / "kubectl-proxy-verify.json"
    with pytest.raises(HaproxyDidNotStart, match=r"ca-bundle\.crt"), run_from_apps(app, image=haproxy_image):
        pytest.fail("it started")


def test_a_stream_survives_silence(haproxy_images: dict[str, str], authority: Authority) -> None:
    """Longer than the 30 s that the defaults give a silent client; all versions wait side by side."""
    with ExitStack() as stack, ThreadPoolExecutor(2 * len(haproxy_images)) as pool:
        proxies = {
            version: stack.enter_context(serving("kubectl-proxy", image, authority))
            for version, image in haproxy_images.items()
        }
        answers = {version: pool.submit(silent_stream, haproxy) for version, haproxy in proxies.items()}
        tunnels = {version: pool.submit(silent_tunnel, haproxy) for version, haproxy in proxies.items()}
        assert {version: answer.result() for version, answer in answers.items()} == dict.fromkeys(
            haproxy_images, "before\nafter\n"
        )
        assert {version: tunnel.result() for version, tunnel in tunnels.items()} == dict.fromkeys(
            haproxy_images, b"still there\n"
        )


def silent_stream(haproxy: Haproxy) -> str:
    """What a request like `kubectl logs -f` reads, with a long silence in between."""
    return haproxy.request(6443, f"/_stub/silent/{SILENCE}", tls=True, timeout=2 * SILENCE).text


def silent_tunnel(haproxy: Haproxy) -> bytes:
    """What comes back over an upgraded connection, such as `kubectl exec` has, after a long silence."""
    with haproxy.connect(6443, tls=True, timeout=2 * SILENCE) as connection:
        connection.sendall(b"GET /exec HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
        reader = connection.makefile("rb")
        while reader.readline() != b"\r\n":
            pass
        time.sleep(SILENCE)
        connection.sendall(b"still there\n")
        return reader.readline()
