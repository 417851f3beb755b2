"""What the portable spellings do to real requests."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from integration.templates.container import container
from integration.templates.text import fragment, fragments, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.templates.container import Running


@contextmanager
def serving(image: str, directory: Path, certificates: Path, configuration: str) -> Iterator[Running]:
    directory.joinpath("haproxy.cfg").write_text(in_order(configuration))
    mounts = {directory: "/conf", certificates: "/certs"}
    with container(image, ["haproxy", "-db", "-f", "/conf/haproxy.cfg"], mounts) as ran:
        ran.wait_until_healthy()
        yield ran


def naming_backend(name: str) -> str:
    """A backend that answers with its own name."""
    return f"\nbackend {name}\n  mode http\n  http-request return status 200 content-type text/plain string {name}\n"


@pytest.fixture(scope="module")
def maps(haproxy_image: str, tmp_path_factory: pytest.TempPathFactory, certificates: Path) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("maps")
    directory.joinpath("domain2backend.map").write_text("mapped.example mapped_1\n")
    directory.joinpath("app2backend.map").write_text("/mapped mapped_1\n")
    behind = {"backend": "behind_2", "hostname": "behind.example", "appId": "/behind"}
    configuration = (
        fragment("HEAD")
        + fragments("HTTP_FRONTEND_HEAD MAP_HTTP_FRONTEND_ACL HTTP_FRONTEND_ACL", **behind)
        + fragments("HTTP_FRONTEND_APPID_HEAD MAP_HTTP_FRONTEND_APPID_ACL HTTP_FRONTEND_APPID_ACL", **behind)
        + fragments("HTTPS_FRONTEND_HEAD MAP_HTTPS_FRONTEND_ACL HTTPS_FRONTEND_ACL", **behind)
        + naming_backend("mapped_1")
        + naming_backend("behind_2")
    )
    with serving(haproxy_image, directory, certificates, configuration) as running:
        yield running


class TestMaps:
    """A host or app that the map does not have is left to the rules behind the map's line."""

    @pytest.mark.parametrize(
        ("host", "expected"),
        [
            ("mapped.example", "mapped_1"),
            ("MAPPED.example:80", "mapped_1"),
            ("behind.example", "behind_2"),
            ("nobody.example", 503),
        ],
    )
    def test_by_host(self, maps: Running, host: str, expected: str | int) -> None:
        assert maps.answers("/", 80, headers={"Host": host}) == expected

    @pytest.mark.parametrize(
        ("app", "expected"),
        [("/mapped", "mapped_1"), ("/behind", "behind_2"), ("/nobody", 503)],
    )
    def test_by_app(self, maps: Running, app: str, expected: str | int) -> None:
        assert maps.answers("/", 9091, headers={"X-Marathon-App-Id": app}) == expected

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("mapped.example", "mapped_1"),
            ("behind.example", "behind_2"),
            ("nobody.example", 503),
        ],
    )
    def test_by_tls_name(self, maps: Running, name: str, expected: str | int) -> None:
        assert maps.answers("/", 443, tls_name=name) == expected


UPSTREAM = """
frontend upstream_in
  bind 127.0.0.1:8000
  mode http
  http-request return status 200 content-type text/plain hdr Location "%[req.hdr(x-location)]" \
hdr Strict-Transport-Security max-age=1 lf-string "%[path] %[req.hdr(host)]"
"""


@pytest.fixture(scope="module")
def rewriting(haproxy_image: str, tmp_path_factory: pytest.TempPathFactory, certificates: Path) -> Iterator[Running]:
    backend = fragments(
        "BACKEND_HEAD BACKEND_HSTS_OPTIONS BACKEND_HTTP_OPTIONS HTTP_BACKEND_PROXYPASS_GLUE "
        "HTTP_BACKEND_REVPROXY_GLUE HTTP_BACKEND_REDIR"
    )
    configuration = (
        fragment("HEAD")
        + fragments("FRONTEND_HEAD FRONTEND_BACKEND_GLUE")
        + f"{backend}  server upstream 127.0.0.1:8000\n"
        + UPSTREAM
    )
    with serving(haproxy_image, tmp_path_factory.mktemp("rewriting"), certificates, configuration) as running:
        yield running


class TestRewriting:
    """HSTS, proxy pass, reverse proxy and redirection of the root, as HAProxy 2.0 did them for Marathon-LB."""

    @pytest.mark.parametrize(
        ("path", "upstream"),
        [("/p/a", "/a"), ("/P/A", "/A"), ("/pa", "/a"), ("/a/p/b", "/a/p/b"), ("/p//x%20", "//x%20")],
    )
    def test_proxy_pass_takes_the_prefix_away_and_sets_the_host(
        self, rewriting: Running, path: str, upstream: str
    ) -> None:
        assert rewriting.get(path, 10000, headers={"Host": "other"}).body == f"{upstream} shop.example"

    @pytest.mark.parametrize("path", ["/", "/p", "/p/"])
    def test_the_root_is_redirected_also_where_it_was_rewritten_to(self, rewriting: Running, path: str) -> None:
        answer = rewriting.get(path, 10000)
        assert (answer.status, answer.headers["location"]) == (301, "/start")

    @pytest.mark.parametrize(
        ("location", "sent"),
        [
            ("http://shop.example/x", "/r"),
            ("https://SHOP.example:8443/x/y", "/r"),
            ("/x", "/r"),
            ("http://other.example/x", "http://other.example/x"),
            ("http://shop.example", "http://shop.example"),
        ],
    )
    def test_reverse_proxy_replaces_its_own_locations(self, rewriting: Running, location: str, sent: str) -> None:
        assert rewriting.get("/x", 10000, headers={"X-Location": location}).headers["location"] == sent

    def test_hsts_is_added_to_what_the_upstream_says(self, rewriting: Running) -> None:
        assert rewriting.get("/x", 10000).headers["strict-transport-security"] == "max-age=1, max-age=15768000"
