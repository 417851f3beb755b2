"""What a pool does with HTTP requests, proved by traffic on every HAProxy: where they go and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.edgelb.traffic_pool import BY_NAME, HTTPS, ORIGIN, REDIRECTED, ROUTED

if TYPE_CHECKING:
    from integration.edgelb.conftest import Traffic


def test_the_only_warnings_are_about_servers_that_are_down(traffic: Traffic) -> None:
    warnings = traffic.haproxy.warnings()
    assert [each for each in warnings if " is DOWN" not in each and "no server available" not in each] == []


@pytest.mark.parametrize(
    ("host", "path", "backend"),
    [
        ("shop.example.org", "/", "eq"),
        ("shop.example.org:8001", "/", "eq"),
        ("SHOP.Example.ORG", "/", "eq"),
        ("SHOP.Example.ORG:80", "/", "eq"),
        ("shop.example.org.evil.test", "/", "other"),
        ("shop.example.org:80.evil.test", "/", "other"),
        ("workshop.example.org", "/", "other"),
        ("my.shop.example.org", "/", "other"),
        ("shop-example-org", "/", "other"),
        ("shopxexample.org", "/", "other"),
        ("android.test", "/", "other"),
        ("", "/", "other"),
        ("one.reg.test", "/", "reg"),
        ("ONE.reg.TEST", "/", "reg"),
        ("one.reg.test:80", "/", "other"),
        ("1.reg.test", "/", "other"),
        ("ported.test:80", "/", "reg"),
        ("ported.test", "/", "other"),
        ("x", "/beg", "beg"),
        ("x", "/beginning/x?y", "beg"),
        ("x", "/BEG", "other"),
        ("x", "/x/beg", "other"),
        ("x", "/?/beg", "other"),
        ("x", "/index.php", "end"),
        ("x", "/index.php?x=1", "end"),
        ("x", "/index.PHP", "other"),
        ("x", "/index.php/x", "other"),
        ("x", "/?x=.php", "other"),
        ("x", "/indexxphp", "other"),
        ("x", "/p12", "preg"),
        ("x", "/p12/in?x", "preg"),
        ("x", "/P12", "other"),
        ("x", "/p12x", "other"),
        ("x", "/x/p12", "other"),
        ("both.test", "/x/y", "both"),
        ("both.test:8001", "/x", "both"),
        ("both.test", "/y", "other"),
        ("x", "/x/y", "other"),
        ("and.both.test", "/x", "other"),
        ("all.test", "/api/v2/list.json", "all"),
        ("All.test:80", "/api/v2/list.json?x", "all"),
        ("ball.test", "/api/v2/list.json", "other"),
        ("all.test", "/ap/v2/list.json", "other"),
        ("all.test", "/api/v/list.json", "other"),
        ("all.test", "/api/v2/list.xml", "other"),
    ],
)
def test_requests_are_routed(traffic: Traffic, host: str, path: str, backend: str) -> None:
    answer = traffic.haproxy.request(ROUTED, path, headers={"Host": host})
    assert answer.json()["stub"] == backend


@pytest.mark.parametrize(
    ("host", "path", "backend"),
    [
        ("shop.example.org", "/beg.php", "eq"),
        ("one.reg.test", "/p1", "reg"),
        ("both.test", "/beg", "beg"),
        ("x", "/beg/index.php", "beg"),
        ("x", "/p1/index.php", "preg"),
    ],
)
def test_of_several_rules_the_first_counts(traffic: Traffic, host: str, path: str, backend: str) -> None:
    answer = traffic.haproxy.request(ROUTED, path, headers={"Host": host})
    assert answer.json()["stub"] == backend


@pytest.mark.parametrize(
    ("backend", "path", "rewritten"),
    [
        # The documented ones.
        ("cut", "/nginx", "/"),
        ("root", "/nginx", "/"),
        ("root", "/nginx/", "/"),
        ("root", "/nginx/index.html", "/index.html"),
        ("root", "/nginx/subpath/index.html", "/subpath/index.html"),
        ("cut-slash", "/nginx", "/nginx"),
        ("cut-slash", "/nginx/", "/"),
        ("sub", "/nginx", "/subpath"),
        ("sub", "/nginx/", "/subpath/"),
        ("sub", "/nginx/index.html", "/subpath/index.html"),
        ("sub-slash", "/nginx/index.html", "/subpath//index.html"),
        ("slash-slash", "/nginx/index.html", "/subpath/index.html"),
        # What follows from them.
        ("cut", "/nginx/index.html", "/index.html"),
        ("cut-slash", "/nginx/index.html", "/index.html"),
        ("root", "/nginxfoo", "/foo"),
        ("root", "/x/nginx", "/x/nginx"),
        ("root", "/NGINX/x", "/NGINX/x"),
        ("root", "/nginx/nginx/x", "/nginx/x"),
        ("slash-slash", "/nginx", "/nginx"),
        ("sub", "/nginxfoo", "/subpathfoo"),
        ("sub", "/", "/"),
        ("prefix", "/", "/prefix/"),
        ("prefix", "/x", "/prefix/x"),
        ("dotted", "/a.b(c)/x", "/p%20\\1/x"),
        ("dotted", "/aXb(c)/x", "/aXb(c)/x"),
        ("kept", "/nginx/x", "/nginx/x"),
    ],
)
def test_paths_are_rewritten(traffic: Traffic, backend: str, path: str, rewritten: str) -> None:
    query = "from=/nginx/&to=%2F"
    seen = [traffic.named(backend, path).json(), traffic.named(backend, f"{path}?{query}").json()]
    assert [(each["path"], each["query"]) for each in seen] == [(rewritten, ""), (rewritten, query)]


@pytest.mark.parametrize(
    ("backend", "location", "rewritten"),
    [
        ("sub", "/subpath/x", "/nginx/x"),
        ("sub", "/subpath", "/nginx"),
        ("sub", "http://inner.example:81/subpath/x?y=/subpath", "/nginx/x?y=/subpath"),
        ("sub", "https://inner.example/subpath/x", "/nginx/x"),
        ("sub", "/elsewhere/subpath", "/elsewhere/subpath"),
        ("sub", "http://inner.example/elsewhere", "http://inner.example/elsewhere"),
        ("sub", "ftp://inner.example/subpath", "ftp://inner.example/subpath"),
        ("slash-slash", "/subpath/x", "/nginx/x"),
        ("slash-slash", "/subpath", "/subpath"),
        ("root", "/", "/nginx/"),
        ("root", "http://inner.example/a/b/", "/nginx/a/b/"),
        ("cut", "/x", "/nginx/x"),
        ("cut-slash", "/x", "/nginx/x"),
        ("prefix", "/prefix/x", "/x"),
        ("prefix", "/prefix", "/"),
        ("dotted", "/p%20\\1/x", "/a.b(c)/x"),
        ("kept", "/subpath/x", "/subpath/x"),
    ],
)
def test_locations_are_rewritten_the_other_way(traffic: Traffic, backend: str, location: str, rewritten: str) -> None:
    origin = traffic.haproxy.request(ORIGIN, headers={"X-Location": location})
    assert (origin.status, origin.headers["location"]) == (302, [location])

    answer = traffic.named(backend, "/nginx/", X_Location=location)
    assert (answer.status, answer.headers["location"]) == (302, [rewritten])


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("web.test", "/"),
        ("web.test", "/x%20y?z=http://open.test/.well-known/"),
        ("opening.test", "/"),
        ("not.open.test", "/"),
        ("open.test.evil.test", "/"),
        ("web.test", "/x/.well-known/"),
        ("web.test", "/.well-known"),
        ("both.test", "/y"),
        ("web.test", "/x"),
    ],
)
def test_requests_are_redirected_to_https(traffic: Traffic, host: str, path: str) -> None:
    for method in ("GET", "POST"):
        answer = traffic.haproxy.request(REDIRECTED, path, method=method, headers={"Host": host})
        assert (answer.status, answer.headers["location"]) == (307, [f"https://{host}{path}"])


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("open.test", "/"),
        ("Open.TEST:8002", "/x"),
        ("web.test", "/.well-known/acme-challenge/x"),
        ("both.test", "/x"),
        ("both.test:80", "/x/y"),
    ],
)
def test_exceptions_are_not_redirected(traffic: Traffic, host: str, path: str) -> None:
    answer = traffic.haproxy.request(REDIRECTED, path, headers={"Host": host})
    assert (answer.status, answer.json()["stub"], answer.json()["path"]) == (200, "web", path)


def test_servers_are_told_of_the_client(traffic: Traffic) -> None:
    seen = traffic.named("web").json()["headers"]
    assert seen["host"] == ["web.test"]
    assert seen["x-forwarded-port"] == [str(BY_NAME)]
    assert "x-forwarded-proto" not in seen
    (client,) = seen["x-forwarded-for"]
    assert client.count(".") == 3


def test_what_clients_say_of_themselves_does_not_count_last(traffic: Traffic) -> None:
    honest = traffic.named("web").json()["headers"]["x-forwarded-for"]
    seen = traffic.named("web", X_Forwarded_For="192.0.2.1", X_Forwarded_Port="1").json()["headers"]
    assert seen["x-forwarded-for"] == ["192.0.2.1", *honest]
    assert seen["x-forwarded-port"] == [str(BY_NAME)]


def test_servers_are_told_of_tls(traffic: Traffic) -> None:
    seen = traffic.haproxy.request(HTTPS, tls=True).json()["headers"]
    assert seen["x-forwarded-proto"] == ["https"]
    assert seen["x-forwarded-port"] == [str(HTTPS)]


def test_servers_are_told_nothing_where_that_is_turned_off(traffic: Traffic) -> None:
    seen = traffic.named("silent").json()["headers"]
    assert [name for name in seen if name.startswith("x-forwarded")] == []


@pytest.mark.parametrize(("backend", "host"), [("renamed", "inner.example:81"), ("unnamed", "unnamed.test")])
def test_the_host_is_set_unless_that_is_turned_off(traffic: Traffic, backend: str, host: str) -> None:
    assert traffic.named(backend).json()["headers"]["host"] == [host]
