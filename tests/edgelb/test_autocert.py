"""The certificate that a pool makes for itself, and what else lies beside its configuration."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lbgen.edgelb.autocert import automatic_certificate
from lbgen.pipeline.pool_files import write_beside
from tests.edgelb.pools import only, pool

if TYPE_CHECKING:
    from pathlib import Path

OURS = pool(
    autoCertificate=True,
    secrets=[{"secret": "shop/cert", "file": "shop"}],
    environmentVariables={"ELB_FILE_CERT": "-----BEGIN", "OTHER": "x", "ELB_FILE_../../x": "y"},
)


@pytest.mark.parametrize(("kind", "bits"), [("ec", 256), ("rsa", 4096)])
def test_key_and_certificate_are_in_one_pem(kind: str, bits: int) -> None:
    pem = automatic_certificate("shop", kind)
    key = load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem)
    assert isinstance(key, EllipticCurvePrivateKey if kind == "ec" else RSAPrivateKey)
    assert key.key_size == bits
    assert certificate.public_key() == key.public_key()
    certificate.verify_directly_issued_by(certificate)


def test_it_is_for_the_pools_name_and_good_for_ten_years() -> None:
    certificate = x509.load_pem_x509_certificate(automatic_certificate("shop", "ec"))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["shop"]
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert dt.timedelta(days=3651) < life < dt.timedelta(days=3655)


def test_no_two_serial_numbers_are_alike() -> None:
    serials = {x509.load_pem_x509_certificate(automatic_certificate("p", "ec")).serial_number for _ in range(3)}
    assert len(serials) == 3
    assert min(serials).bit_length() > 64


def test_what_is_made_is_the_owners_alone_and_kept(tmp_path: Path) -> None:
    write_beside(only(OURS), tmp_path, "ec")
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["autocert.pem", "envfile/ELB_FILE_CERT"]
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in found] == [0o600, 0o600]
    assert (tmp_path / "envfile/ELB_FILE_CERT").read_text() == "-----BEGIN"
    before = (tmp_path / "autocert.pem").read_bytes()
    write_beside(only(OURS), tmp_path, "ec")
    assert (tmp_path / "autocert.pem").read_bytes() == before


def test_a_secret_is_the_operators_to_bring(tmp_path: Path) -> None:
    (finding,) = write_beside(only(OURS), tmp_path, "ec")
    assert finding.message == f'the secret "shop/cert" belongs into {tmp_path}/secrets/shop, which is not there yet'
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/shop").touch()
    assert write_beside(only(OURS), tmp_path, "ec") == []
