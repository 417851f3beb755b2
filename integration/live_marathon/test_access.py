"""Who is let in, whom lbgen believes, and to whom it shows what it knows."""

from __future__ import annotations

import base64
import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integration.live_marathon.reaching import WEB, listening, source
from integration.marathon_stub import Marathon, faults, run_marathon
from integration.marathon_stub.guards import LOGIN, BasicAuth, ServiceAccounts
from lbgen.live.contract import SourceError
from lbgen.live.marathon import BasicAuth as Password
from lbgen.live.marathon import ServiceAccount
from lbgen.testing import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "correct horse:battery staple"
PASSWORD = Password("lb", SECRET)


def refusal(*endpoints: Marathon | str, **options: Any) -> str:
    """Why nothing can be fetched."""
    with pytest.raises(SourceError) as caught:
        source(*endpoints, **options).fetch()
    assert SECRET not in str(caught.value)
    return str(caught.value)


class TestPassword:
    @pytest.fixture(autouse=True)
    def _guarded(self, marathon: Marathon) -> None:
        marathon.guard = BasicAuth("lb", SECRET)

    def test_lets_in(self, marathon: Marathon) -> None:
        asked = source(marathon, credentials=PASSWORD)
        assert asked.fetch().endpoint == marathon.url
        assert asked.fetch_app("/web") is not None
        with listening(asked) as heard:
            heard.until()

    def test_may_be_written_into_the_url_and_is_shown_nowhere(self, marathon: Marathon) -> None:
        url = marathon.url.replace("//", "//lb:correct%20horse%3Abattery%20staple@")
        assert source(url).fetch().endpoint == marathon.url
        marathon.fail(faults.status(503))
        assert refusal(url) == f"{marathon.url} answers 503"

    def test_that_is_wrong_or_missing_is_told(self, marathon: Marathon) -> None:
        assert refusal(marathon) == f"{marathon.url} wants credentials (401)"
        wrong = Password("lb", "wrong")
        assert refusal(marathon, credentials=wrong) == f"{marathon.url} does not accept the credentials (401)"

    def test_is_not_looked_for_in_the_home_directory(
        self, marathon: Marathon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login lb password other\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        assert refusal(marathon) == f"{marathon.url} wants credentials (401)"
        assert "authorization" not in marathon.requests[-1].headers


class TestRedirects:
    @pytest.fixture
    def follower(self, marathon: Marathon) -> Iterator[Marathon]:
        with run_marathon() as started:
            started.leader = marathon
            yield started

    def test_are_followed_without_credentials(self, marathon: Marathon, follower: Marathon) -> None:
        assert source(follower).fetch().endpoint == follower.url
        assert len(marathon.requests) == 1

    def test_take_credentials_to_another_endpoint(self, marathon: Marathon, follower: Marathon) -> None:
        marathon.guard = BasicAuth("lb", SECRET)
        assert source(follower, marathon, credentials=PASSWORD).fetch().endpoint == follower.url

    def test_take_credentials_to_an_endpoint_by_another_name(self, marathon: Marathon, follower: Marathon) -> None:
        marathon.guard = BasicAuth("lb", SECRET)
        by_name = follower.url.replace("127.0.0.1", "localhost")
        assert source(by_name, credentials=PASSWORD).fetch().endpoint == by_name

    def test_take_no_credentials_to_another_host(self, follower: Marathon) -> None:
        with run_marathon(host="127.0.0.2") as stranger:
            follower.leader = stranger
            said = refusal(follower, credentials=PASSWORD)
            to = f"redirects to {stranger.url}, which is no host of the endpoints: credentials are not taken there"
            assert said == f"{follower.url} {to}"
            assert stranger.requests == []
            stranger.deploy(WEB)
            assert source(follower, stranger.url, credentials=PASSWORD).fetch().endpoint == follower.url


class TestProxies:
    """The stub takes what is sent to a proxy as if it were sent to itself."""

    def test_of_the_environment_are_asked(self, marathon: Marathon, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", marathon.url)
        asked = source("http://marathon.invalid:8080", credentials=PASSWORD)
        assert asked.fetch().endpoint == "http://marathon.invalid:8080"
        assert marathon.requests[0].target.startswith("http://marathon.invalid:8080/v2/apps?")
        with listening(asked) as heard:
            heard.until()

    def test_are_named_where_they_fail(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", f"http://somebody:{SECRET.replace(' ', '+')}@127.0.0.1:1")
        assert refusal("http://marathon.invalid:8080").endswith("through the proxy of this environment")

    def test_that_hang_are_left(self, marathon: Marathon, monkeypatch: pytest.MonkeyPatch) -> None:
        marathon.fail(faults.drip_head())
        monkeypatch.setenv("http_proxy", marathon.url)
        assert refusal("http://marathon.invalid:8080", total_seconds=1).endswith("takes longer than 1 s")


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


class TestServiceAccount:
    @pytest.fixture
    def accounts(self, marathon: Marathon, key: RSAPrivateKey) -> ServiceAccounts:
        marathon.guard = ServiceAccounts("lb", key.public_key())
        return marathon.guard

    def account(self, marathon: Marathon, key: RSAPrivateKey, uid: str = "lb") -> ServiceAccount:
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        fields = {"uid": uid, "private_key": pem, "login_endpoint": f"{marathon.url}{LOGIN}", "scheme": "RS256"}
        return ServiceAccount.read(json.dumps(fields), "this test")

    @pytest.mark.parametrize("in_cookie", [True, False])
    def test_logs_in_once(
        self, marathon: Marathon, accounts: ServiceAccounts, key: RSAPrivateKey, in_cookie: bool
    ) -> None:
        accounts.in_cookie = in_cookie
        asked = source(marathon, credentials=self.account(marathon, key))
        asked.fetch()
        asked.fetch_app("/web")
        with listening(asked) as heard:
            heard.until()
        assert accounts.logins == 1

    def test_logs_in_again_when_the_token_is_refused(
        self, marathon: Marathon, accounts: ServiceAccounts, key: RSAPrivateKey
    ) -> None:
        asked = source(marathon, credentials=self.account(marathon, key))
        for _ in range(2):
            asked.fetch()
            accounts.revoke()
        assert accounts.logins == 2
        with listening(asked) as heard:
            heard.until()
        assert accounts.logins == 3

    def test_that_is_not_let_in_is_told(
        self, marathon: Marathon, accounts: ServiceAccounts, key: RSAPrivateKey
    ) -> None:
        login = f"the login of the service account fails: {marathon.url}{LOGIN}"
        stranger = self.account(marathon, generate_private_key(65537, 2048))
        assert refusal(marathon, credentials=stranger) == f"{login} answers 401"
        marathon.fail(faults.redirect("http://127.0.0.1:1/"), path=LOGIN)
        assert refusal(marathon, credentials=self.account(marathon, key)) == f"{login} answers 302"
        marathon.mend()
        marathon.fail(faults.html(), path=LOGIN)
        refused = refusal(marathon, credentials=self.account(marathon, key))
        assert refused == "the login of the service account fails: it brings no token"
        assert accounts.logins == 0

    @pytest.mark.usefixtures("accounts")
    def test_tells_nobody_but_the_login(self, marathon: Marathon, key: RSAPrivateKey) -> None:
        source(marathon, credentials=self.account(marathon, key)).fetch()
        login, asked = marathon.requests
        assert "authorization" not in login.headers
        claims = json.loads(login.body)["token"].split(".")[1]
        assert json.loads(base64.urlsafe_b64decode(claims + "=="))["uid"] == "lb"
        assert asked.headers["authorization"].startswith("token=")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new()


class TestCertificates:
    @pytest.fixture
    def ca_file(self, authority: Authority, tmp_path: Path) -> Path:
        path = tmp_path / "ca.pem"
        path.write_bytes(authority.pem)
        return path

    @pytest.fixture
    def secured(self, authority: Authority, tmp_path: Path) -> Iterator[Marathon]:
        with run_marathon(tls=context(authority, "127.0.0.1", tmp_path)) as started:
            started.deploy(WEB)
            yield started

    def test_of_a_known_authority_are_believed(self, secured: Marathon, ca_file: Path) -> None:
        asked = source(secured, ca_file=ca_file)
        assert asked.fetch().endpoint == secured.url
        with listening(asked) as heard:
            heard.until()
            secured.scale("/web", 3)
            heard.until("/web")

    def test_of_an_authority_of_the_system_are_believed(
        self, secured: Marathon, ca_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)
        assert "has a certificate that does not pass: " in refusal(secured)
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
        assert source(secured).fetch().endpoint == secured.url

    def test_of_an_unknown_authority_are_not(self, secured: Marathon, tmp_path: Path) -> None:
        assert f"{secured.url} has a certificate that does not pass: " in refusal(secured)
        other = tmp_path / "other.pem"
        other.write_bytes(Authority.new().pem)
        assert "has a certificate that does not pass: " in refusal(secured, ca_file=other)
        assert secured.requests == []

    def test_of_another_host_are_not(self, authority: Authority, ca_file: Path, tmp_path: Path) -> None:
        with run_marathon(tls=context(authority, "other.example.org", tmp_path)) as other:
            said = refusal(other, ca_file=ca_file)
            assert "has a certificate that does not pass: " in said
            assert "127.0.0.1" in said

    def test_are_not_looked_at_where_that_is_switched_off(self, secured: Marathon) -> None:
        assert source(secured, verify=False).fetch().endpoint == secured.url

    def test_are_not_given_up_for_a_redirect(self, secured: Marathon, ca_file: Path, marathon: Marathon) -> None:
        secured.leader = marathon
        assert refusal(secured, ca_file=ca_file).endswith("redirects from https to http, where lbgen does not follow")
        assert marathon.requests == []

    def test_are_missing_where_there_is_no_tls(self, marathon: Marathon) -> None:
        assert "fails in TLS: " in refusal(marathon.url.replace("http:", "https:"))

    def test_handshake_that_is_never_answered_ends(self) -> None:
        with run_marathon() as deaf:
            deaf.fail(faults.hang())
            # What it takes for the beginning of a request never ends.
            url = deaf.url.replace("http:", "https:")
            assert refusal(url, connect_seconds=2, total_seconds=2).startswith(url)


def context(authority: Authority, name: str, directory: Path) -> ssl.SSLContext:
    """What a server of this name shows."""
    path = directory / f"{name}.pem"
    path.write_bytes(authority.issue([name]))
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(path)
    return made
