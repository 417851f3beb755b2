"""Lines of HAProxy's log as requests."""

from __future__ import annotations

from base64 import b64encode

from lbgen.emulate.doors import Wall
from lbgen.emulate.requests import as_request, seen


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def line(*, frontend: str = "f", backend: str = "b", server: str = "s", url: str = "/x?y=1", headers: str = "") -> str:
    what = f"{frontend}|{backend}|{server}|200|12|127.0.0.1|GET|{encoded(url)}|-|{encoded(headers)}"
    return f"lbgen-emulate|7|http|8080|{what}\n"


def test_a_request_is_who_asked_for_what_and_who_answered() -> None:
    it = seen(line(headers="host: a.example.org\r\nX-Own: 1\r\n\r\n"))
    assert it is not None
    assert (it.method, it.url, it.host, it.status, it.milliseconds) == ("GET", "/x?y=1", "a.example.org", "200", 12)
    assert (it.frontend, it.backend, it.server, it.tls) == ("f", "b", "s", False)
    assert it.generation == 7
    assert ("x-own", "1") in it.headers


def test_what_haproxy_answers_itself_has_no_server() -> None:
    it = seen(line(backend="f", server="<NOSRV>"))
    assert it is not None
    assert (it.backend, it.server) == (None, None)


def test_tls_is_told_by_the_name_of_the_frontend() -> None:
    it = seen(line(frontend="f~"))
    assert it is not None
    assert it.tls
    assert it.frontend == "f"


def test_the_url_of_http2_is_its_path() -> None:
    it = seen(line(url="https://a.example.org/x?y=1"))
    assert it is not None
    assert it.url == "/x?y=1"


def test_a_user_is_known_by_name_only() -> None:
    it = seen(line(headers=f"authorization: Basic {encoded('anna:secret')}\r\n"))
    assert it is not None
    assert it.user == "anna"


def test_it_is_routed_as_if_it_had_come_to_the_port_of_the_configuration() -> None:
    it = seen(line(headers="host: a.example.org\r\n"))
    assert it is not None
    request = as_request(it, {8080: Wall(None, 80)})
    assert (request.port, request.target, request.host, str(request.client)) == (
        80,
        "/x?y=1",
        "a.example.org",
        "127.0.0.1",
    )


def test_other_lines_are_none() -> None:
    for text in (
        "",
        "[NOTICE] something",
        "lbgen-emulate|7|http|",
        "lbgen-emulate|7|http|x|f|b|s|200|1|c|GET|||",
        "\0",
    ):
        assert seen(text) is None


def test_hostile_fields_are_nothing() -> None:
    it = seen("lbgen-emulate|7|http|80|f|b|s|200|-1|nobody|GET|%%%|-|====\n")
    assert it is not None
    assert (it.url, it.headers, it.milliseconds, it.user) == ("", (), 0, None)
