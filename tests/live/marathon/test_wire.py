"""Whose certificates are believed."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lbgen.live.marathon.wire import believed

if TYPE_CHECKING:
    import pytest


class Paths(NamedTuple):
    """What the system says of its authorities."""

    cafile: str | None
    capath: str | None


def test_those_that_are_named_come_first() -> None:
    assert believed(Path("/given.pem"), {"REQUESTS_CA_BUNDLE": "/other.pem"}) == "/given.pem"
    assert believed(None, {"REQUESTS_CA_BUNDLE": "/other.pem", "CURL_CA_BUNDLE": "/third.pem"}) == "/other.pem"
    assert believed(None, {"CURL_CA_BUNDLE": "/third.pem"}) == "/third.pem"


def test_those_of_the_system_come_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths("/system.pem", str(tmp_path)))
    assert believed(None, {}) == "/system.pem"
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths(None, str(tmp_path)))
    (tmp_path / "0.pem").touch()
    assert believed(None, {}) == str(tmp_path)


def test_a_directory_that_may_not_be_read_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths(None, str(tmp_path / "file" / "certs")))
    (tmp_path / "file").touch()
    assert believed(None, {}) is True


def test_where_the_system_has_none_those_of_requests_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for found in (Paths(None, None), Paths(None, str(tmp_path))):
        monkeypatch.setattr(ssl, "get_default_verify_paths", lambda found=found: found)
        assert believed(None, {}) is True
