"""How the server is reached: its URL, the token, and which of several options counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbgen.cli.edgelb_reaching import access_of
from lbgen.edgelb_client.access import Access, base_url, service_url, token_in, token_of_file
from lbgen.errors import InputError, UsageError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:5555", "http://127.0.0.1:5555"),
        ("https://dcos.example.org/service/edgelb/", "https://dcos.example.org/service/edgelb"),
        ("http://[::1]:5555", "http://[::1]:5555"),
    ],
)
def test_url(text: str, url: str) -> None:
    assert base_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:5555",
        "ftp://a",
        "http://",
        "http://a:x",
        "http://a:70000",
        "http://a?b",
        "http://a#b",
        "http://a b",
    ],
)
def test_no_url(text: str) -> None:
    with pytest.raises(UsageError, match="is no URL"):
        base_url(text)


def test_a_password_in_the_url_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError) as refused:
        base_url("http://ann:hunter2@example.org")
    assert "hunter2" not in str(refused.value)


def test_service_of_a_cluster() -> None:
    assert service_url("https://dcos.example.org/", "group/edgelb") == "https://dcos.example.org/service/group/edgelb"


@pytest.mark.parametrize("name", ["", "..", "a/../b", "a?b", "/a", "a//b"])
def test_no_service(name: str) -> None:
    with pytest.raises(UsageError, match="is no name of a service"):
        service_url("http://example.org", name)


def test_token_of_a_file_is_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(" secret \nother\n")
    assert token_of_file(file) == "secret"


@pytest.mark.parametrize("text", ["", " \n", "a\r\nX-Other: b", "gehe\u00efm"])
def test_no_token(text: str) -> None:
    with pytest.raises(UsageError, match="holds no token") as refused:
        token_in(text, "--token")
    assert not text.strip() or text not in str(refused.value)


def test_no_file_of_a_token(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        token_of_file(tmp_path / "none")


def test_token_is_in_no_repr() -> None:
    assert "secret" not in repr(Access(token="secret"))


ENVIRON = {
    "LBGEN_EDGELB_URL": "http://environ",
    "LBGEN_EDGELB_TOKEN": "of-environ",
    "LBGEN_EDGELB_CA_FILE": "ca.pem",
}


class TestWhatCounts:
    def test_nothing(self) -> None:
        assert access_of({}, {}) == Access(url="http://127.0.0.1:5555")

    def test_environment(self) -> None:
        access = access_of({}, ENVIRON)
        assert (access.url, access.token, access.ca_file) == ("http://environ", "of-environ", Path("ca.pem"))

    def test_options_before_the_environment(self) -> None:
        given = {"url": "http://option", "token": "of-option", "ca_file": Path("other.pem")}
        access = access_of(given, ENVIRON)
        assert (access.url, access.token, access.ca_file) == ("http://option", "of-option", Path("other.pem"))

    def test_cluster(self) -> None:
        assert access_of({"dcos_url": "http://c"}, ENVIRON).url == "http://c/service/edgelb"
        assert access_of({"dcos_url": "http://c", "service": "lb"}, {}).url == "http://c/service/lb"

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"url": "http://a", "dcos_url": "http://b"}, "--url or --dcos-url"),
            ({"token": "a", "token_file": Path("b")}, "--token or --token-file"),
            ({"service": "a"}, "--name goes with --dcos-url"),
        ],
    )
    def test_what_does_not_go_together(self, given: dict[str, object], message: str) -> None:
        with pytest.raises(UsageError, match=message):
            access_of(given, {})
