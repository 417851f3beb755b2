"""The certificates of an aggregation layer: what is made is right, and what is wrong is told."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lbgen.errors import ToolError, UsageError
from lbgen.expose.certificates.checking import Expected, check_certificates
from lbgen.expose.certificates.making import HOSTS, Set, make_certificates
from lbgen.expose.certificates.reading import read_certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
BOTH = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


def told(directory: Path, names: Sequence[str] = ("aggregator",), hosts: Sequence[str] = ()) -> list[str]:
    """What is wrong, as `file: sentence`."""
    found = check_certificates(read_certificates(directory), Expected(names, hosts, NOW))
    return [f"{each.file}: {each.text}" for each in found if each.wrong]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "new"
    make_certificates(directory, Set(hosts=(*HOSTS, "192.0.2.1", "api.example.org")))
    return directory


def test_what_is_made_is_right(made: Path) -> None:
    found = read_certificates(made)
    now = dt.datetime.now(dt.UTC)

    assert [
        each.text
        for each in check_certificates(found, Expected(("aggregator",), ("kubernetes.default.svc", "192.0.2.1"), now))
        if each.wrong
    ] == []
    assert found.unread == []


def test_nobody_else_reads_the_keys(made: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made.iterdir()}

    assert modes["aggregator-key.pem"] == modes["aggregator-ca-key.pem"] == 0


def test_tls_takes_it_on_both_sides(made: Path) -> None:
    contexts = [ssl.SSLContext(protocol) for protocol in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER)]
    for context in contexts:
        context.load_verify_locations(made / "aggregator-ca.pem")
        context.load_cert_chain(made / "aggregator.pem", made / "aggregator-key.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = contexts[0].wrap_bio(back, there, server_hostname="api.example.org")
    server = contexts[1].wrap_bio(there, back, server_side=True)
    for side in (client, server) * 3:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()

    shown: Any = server.getpeercert()
    assert (("commonName", "aggregator"),) in shown["subject"]


def test_names_are_parameters(tmp_path: Path) -> None:
    make_certificates(tmp_path, Set("front-proxy", "O=k8s,OU=System,L=Shanghai,C=CN", ("a.example.org",)))
    certificate = x509.load_pem_x509_certificate((tmp_path / "front-proxy.pem").read_bytes())

    assert certificate.subject.rfc4514_string() == "CN=front-proxy,O=k8s,OU=System,L=Shanghai,C=CN"


def test_nothing_is_replaced_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "aggregator.pem").write_text("precious")
    with pytest.raises(ToolError, match="is there already"):
        make_certificates(tmp_path, Set())

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("aggregator.pem", "precious")]


@pytest.mark.parametrize(
    "wanted",
    [
        Set(name="../a"),
        Set(name=""),
        Set(name="a,b"),
        Set(subject="nonsense"),
        Set(subject="C=too long"),
        Set(hosts=("a b",)),
    ],
)
def test_what_no_certificate_can_hold(tmp_path: Path, wanted: Set) -> None:
    with pytest.raises(UsageError):
        make_certificates(tmp_path, wanted)

    assert list(tmp_path.iterdir()) == []


class Bench:
    """Makes certificates that may be wrong in any way."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.keys: dict[str, Any] = {}
        self.names: dict[str, x509.Name] = {}

    def make(
        self,
        file: str,
        *,
        name: str | None = "aggregator",
        ca: bool = False,
        issuer: str | None = None,
        usage: Sequence[str] = ("digital_signature", "key_encipherment", "key_cert_sign"),
        extended: Sequence[x509.ObjectIdentifier] = BOTH,
        days: tuple[int, int] = (-10, 1000),
        hosts: Sequence[str] = (),
        key: Any = None,
        mode: int = 0o600,
    ) -> None:
        key = self.keys[file] = key or ec.generate_private_key(ec.SECP256R1())
        attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name is not None else []
        subject = self.names[file] = x509.Name([*attributes, x509.NameAttribute(NameOID.ORGANIZATION_NAME, file)])
        issuer = issuer or file
        bits = (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.names[issuer])
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(NOW + dt.timedelta(days=days[0]))
            .not_valid_after(NOW + dt.timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{bit: bit in usage for bit in bits}), critical=True)
            .add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        )
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), False)
        certificate = builder.sign(self.keys[issuer], hashes.SHA256())
        (self.directory / f"{file}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        written = self.directory / f"{file}-key.pem"
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        written.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
        written.chmod(mode)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.make("ca", name="authority", ca=True)
    return bench


SLIPS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"name": "other"}, ['its common name "other" is none of those allowed: aggregator']),
    ({"name": None}, ["has no common name, by which an aggregated API server knows who calls"]),
    ({"usage": ["key_encipherment"]}, ["its key usage lacks digital signature, which TLS needs"]),
    (
        {"extended": [ExtendedKeyUsageOID.SERVER_AUTH], "hosts": ["a", "b", "*.c"]},
        ["is not for clients: aggregated API servers refuse it, as --proxy-client-cert-file"],
    ),
    ({"days": (-10, -1)}, ["expired on 2026-05-31"]),
    ({"days": (-10, 9)}, ["expires on 2026-06-10, in 9 days"]),
    ({"days": (2, 900)}, ["is not valid before 2026-06-03 00:00 UTC"]),
    (
        {"key": rsa.generate_private_key(public_exponent=65537, key_size=1024)},
        ["its key has 1024 bits: 2048 is the least that is accepted"],
    ),
    ({"usage": ["digital_signature"]}, []),
    ({"issuer": "it"}, ["is signed by itself, and not by an authority"]),
]


@pytest.mark.parametrize(("given", "sentences"), SLIPS)
def test_what_is_wrong_with_a_certificate(bench: Bench, given: dict[str, Any], sentences: list[str]) -> None:
    bench.make("it", **({"issuer": "ca"} | given))

    assert told(bench.directory) == [f"it.pem: {sentence}" for sentence in sentences]


def test_a_certificate_of_somebody_else_s_authority(bench: Bench) -> None:
    bench.make("elsewhere", name="elsewhere", ca=True)
    bench.make("it", issuer="elsewhere")
    for name in ("elsewhere.pem", "elsewhere-key.pem"):
        (bench.directory / name).unlink()

    assert told(bench.directory) == [
        "it.pem: no authority here has signed it: its issuer is O=elsewhere,CN=elsewhere",
    ]


@pytest.mark.parametrize(
    ("hosts", "missing"),
    [
        (["kubernetes"], None),
        (["KUBERNETES."], None),
        (["a.example.org"], None),
        (["example.org", "a.b.example.org"], "example.org, a.b.example.org"),
        (["192.0.2.1"], "192.0.2.1"),
    ],
)
def test_the_hosts_that_a_certificate_covers(bench: Bench, hosts: list[str], missing: str | None) -> None:
    bench.make("it", issuer="ca", hosts=["kubernetes", "*.example.org"])

    assert told(bench.directory, hosts=hosts) == ([f"it.pem: does not cover {missing}"] if missing else [])


def test_any_name_will_do_where_none_is_asked_for(bench: Bench) -> None:
    bench.make("it", issuer="ca", name="other")

    assert told(bench.directory, names=()) == []


def test_a_server_s_certificate_is_another_one_than_a_client_s(bench: Bench) -> None:
    bench.make("it", issuer="ca", extended=[ExtendedKeyUsageOID.CLIENT_AUTH])
    bench.make("server", issuer="ca", name="a", extended=[ExtendedKeyUsageOID.SERVER_AUTH], hosts=["a.example.org"])

    assert told(bench.directory, hosts=["a.example.org"]) == []
    assert told(bench.directory, hosts=["b.example.org"]) == ["server.pem: does not cover b.example.org"]


def test_of_two_that_are_good_for_servers_the_one_for_servers_alone_has_to_cover_the_hosts(bench: Bench) -> None:
    bench.make("it", issuer="ca")
    bench.make("server", issuer="ca", name="a", extended=[ExtendedKeyUsageOID.SERVER_AUTH], hosts=["a.example.org"])

    assert told(bench.directory, hosts=["a.example.org"]) == []


def test_a_server_s_certificate_names_hosts(bench: Bench) -> None:
    bench.make("it", issuer="ca")
    bench.make("server", issuer="ca", name="a.example.org", extended=[ExtendedKeyUsageOID.SERVER_AUTH])

    assert told(bench.directory) == ["server.pem: covers no host: a common name is none to clients"]


def test_what_is_no_file_is_not_waited_for(bench: Bench) -> None:
    bench.make("it", issuer="ca")
    os.mkfifo(bench.directory / "pipe.pem")
    (bench.directory / "directory.pem").mkdir()
    (bench.directory / "nowhere.pem").symlink_to("missing")
    (bench.directory / "many.pem").write_text("-----BEGIN A-----\n" * 50000)

    assert told(bench.directory) == [
        "directory.pem: is no file",
        "many.pem: holds nothing in PEM",
        "nowhere.pem: is no file",
        "pipe.pem: is no file",
    ]


def test_who_signs_without_being_an_authority(bench: Bench) -> None:
    bench.make("leaf", issuer="ca")
    bench.make("it", issuer="leaf")

    assert told(bench.directory) == ["it.pem: is signed by leaf.pem, which is no certificate authority"]


def test_a_leaf_in_place_of_the_authority(bench: Bench) -> None:
    bench.make("ca", name="aggregator", ca=False)
    bench.make("it", issuer="ca")
    sentences = told(bench.directory)

    assert ": there is no certificate authority: --requestheader-client-ca-file has to name one" in sentences
    assert "it.pem: is signed by ca.pem, which is no certificate authority" in sentences


def break_authority(bench: Bench) -> None:
    bench.make("ca", name="authority", ca=True, usage=["digital_signature"])


def drop_authority(bench: Bench) -> None:
    for path in bench.directory.glob("ca*"):
        path.unlink()


def swap_keys(bench: Bench) -> None:
    bench.make("other", issuer="ca")
    (bench.directory / "other-key.pem").rename(bench.directory / "it-key.pem")
    (bench.directory / "other.pem").unlink()


def open_key(bench: Bench) -> None:
    (bench.directory / "it-key.pem").chmod(0o644)


def garble(bench: Bench) -> None:
    (bench.directory / "x.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (bench.directory / "y.key").write_text("nothing")


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (break_authority, ["ca.pem: is an authority, but its key usage does not allow signing certificates"]),
        (drop_authority, [": there is no certificate authority: --requestheader-client-ca-file has to name one"]),
        (
            swap_keys,
            ["it-key.pem: a private key that belongs to no certificate here", "it.pem: no key here belongs to it"],
        ),
        (open_key, ["it-key.pem: others than its owner may read this private key: chmod 600"]),
        (garble, ["x.pem: holds a CERTIFICATE that cannot be read", "y.key: holds nothing in PEM"]),
    ],
)
def test_what_is_wrong_with_the_set(bench: Bench, change: Callable[[Bench], None], sentences: list[str]) -> None:
    bench.make("it", issuer="ca")
    change(bench)
    # What cannot be read is told in the library's words.
    found = [each.replace(": error", "\n").split("\n")[0] for each in told(bench.directory)]

    assert [each for each in found if "has signed it" not in each][: len(sentences)] == sentences


@pytest.mark.parametrize("prepare", [lambda _: None, lambda path: path.mkdir()])
def test_a_directory_without_certificates(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    prepare(tmp_path / "it")
    with pytest.raises(ToolError):
        read_certificates(tmp_path / "it")
