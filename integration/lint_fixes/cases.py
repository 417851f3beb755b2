r"""What the words did that HAProxy 2.1 dropped: a line, what comes in, and what came out.

The behaviour is that of HAProxy 2.0, as its manual and the recorded runs of it have it; no HAProxy of today can read
these lines. `i` in a word means that case does not matter; the line of a request and each header with its name are
matched as a whole, and what is replaced is replaced as a whole.
"""

from __future__ import annotations

from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """A request, and what a server saw of it: its path and the values of some headers, by name.

    `status` is what the client got: where it is not 200 no server saw anything.
    """

    path: str = "/"
    headers: Headers = ()
    seen_path: str | None = None
    seen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    status: int = 200


class Answered(NamedTuple):
    """Headers that a server answered with, and the values that the client got, by name."""

    headers: Headers
    got: tuple[tuple[str, tuple[str, ...]], ...] = ()
    status: int = 200


REQUESTS: dict[str, list[Asked]] = {
    r"reqadd X-A:\ b%20\ c": [
        Asked(seen=(("x-a", ("b%20 c",)),)),
        Asked(headers=(("X-A", "z"),), seen=(("x-a", ("z", "b%20 c")),)),
    ],
    r"reqadd X-A:\ b if { path /yes }": [
        Asked("/yes", seen=(("x-a", ("b",)),)),
        Asked("/no", seen=(("x-a", ()),)),
    ],
    r"reqadd X-A:\ b unless { path /yes } or { path /too }": [
        Asked("/yes", seen=(("x-a", ()),)),
        Asked("/too", seen=(("x-a", ()),)),
        Asked("/no", seen=(("x-a", ("b",)),)),
    ],
    r"reqidel ^X-Secret:": [
        Asked(headers=(("x-secret", "1"), ("X-SECRET", "2")), seen=(("x-secret", ()),)),
        Asked(headers=(("X-Secret-More", "1"),), seen=(("x-secret-more", ("1",)),)),
    ],
    r"reqdel ^X-Secret:\ .*": [Asked(headers=(("X-Secret", "1"),), seen=(("x-secret", ()),))],
    r"reqirep ^([^\ :]*)\ /old/(.*) \1\ /new/\2": [
        Asked("/old/a", seen_path="/new/a"),
        Asked("/OLD/a?b=/old/c", seen_path="/new/a?b=/old/c"),
        Asked("/old/", seen_path="/new/"),
        Asked("/old//a%20b", seen_path="/new//a%20b"),
        Asked("/old", seen_path="/old"),
        Asked("/older/a", seen_path="/older/a"),
        Asked("/a/old/b", seen_path="/a/old/b"),
        Asked("/a?b=/old/c", seen_path="/a?b=/old/c"),
    ],
    r"reqrep ^([^\ :]*)\ /old/(.*) \1\ /new/\2": [
        Asked("/old/a", seen_path="/new/a"),
        Asked("/OLD/a", seen_path="/OLD/a"),
    ],
    r'reqirep "^([^ :]*) /pp/?(.*)" "\1 /\2"': [
        Asked("/pp", seen_path="/"),
        Asked("/pp/", seen_path="/"),
        Asked("/ppfoo", seen_path="/foo"),
        Asked("/PP/Foo", seen_path="/Foo"),
        Asked("/pp?a=b", seen_path="/?a=b"),
        Asked("/pp/a?b=c", seen_path="/a?b=c"),
        Asked("/a/pp", seen_path="/a/pp"),
        Asked("//", seen_path="//"),
    ],
    r"reqrep ^([^\ ]*\ /)admin[/]?(.*) \1\2": [
        Asked("/admin/x?y", seen_path="/x?y"),
        Asked("/admin", seen_path="/"),
        Asked("/other", seen_path="/other"),
    ],
    r"reqrep ^([^\ :]*)\ /(.*) \1\ /all/100%/\2": [
        Asked("/a?b=c", seen_path="/all/100%/a?b=c"),
        Asked("/", seen_path="/all/100%/"),
    ],
    r"reqrep ^([^\ :]*)\ /(one|two)/(.*) \1\ /\2/x/\3": [
        Asked("/one/z", seen_path="/one/x/z"),
        Asked("/two/z?q", seen_path="/two/x/z?q"),
        Asked("/three/z", seen_path="/three/z"),
    ],
    r"reqirep ^Host:\ www\.(.*) Host:\ \1": [
        Asked(headers=(("Host", "www.a.example"),), seen=(("host", ("a.example",)),)),
        Asked(headers=(("Host", "WWW.A.example"),), seen=(("host", ("A.example",)),)),
        Asked(headers=(("Host", "a.example"),), seen=(("host", ("a.example",)),)),
        Asked(headers=(("Host", "www-a.example"),), seen=(("host", ("www-a.example",)),)),
    ],
    r"reqirep ^Host: Host:\ b.example": [
        Asked(headers=(("Host", "a.example"),), seen=(("host", ("b.example",)),)),
    ],
    r"reqrep ^X-Q:\ (b|c)[|]$ 'X-Q: \1\\d\%'": [
        Asked(headers=(("X-Q", "b|"),), seen=(("x-q", (r"b\d%",)),)),
        Asked(headers=(("X-Q", "d|"),), seen=(("x-q", ("d|",)),)),
    ],
    r"reqirep ^X-P:\ *(.*)\ end X-P:\ 100%\ of\ \1 if { path /yes }": [
        Asked("/yes", (("X-P", "a end"),), seen=(("x-p", ("100% of a",)),)),
        Asked("/yes", (("X-P", "a, b end and more"),), seen=(("x-p", ("100% of a, b",)),)),
        Asked("/yes", (("X-P", "a"),), seen=(("x-p", ("a",)),)),
        Asked("/no", (("X-P", "a end"),), seen=(("x-p", ("a end",)),)),
    ],
    r"reqideny ^User-Agent:\ evil": [
        Asked(headers=(("User-Agent", "Evil/1.0"),), status=403),
        Asked(headers=(("User-Agent", "not evil"),)),
        Asked(headers=(("X-Agent", "evil"),)),
    ],
    r"reqdeny ^User-Agent:\ evil if { path /yes }": [
        Asked("/yes", (("User-Agent", "evil"),), status=403),
        Asked("/yes", (("User-Agent", "Evil"),)),
        Asked("/no", (("User-Agent", "evil"),)),
    ],
    r"reqdeny ^[^:\ ]*\ /private": [
        Asked("/private", status=403),
        Asked("/private/a?b", status=403),
        Asked("/Private"),
        Asked("/a/private"),
        Asked("/?/private"),
    ],
    # What is allowed is not denied by a later line.
    "reqiallow ^X-Pass:\\ yes\nreqdeny ^X-Bad:\\ yes": [
        Asked(headers=(("X-Pass", "Yes"), ("X-Bad", "yes"))),
        Asked(headers=(("X-Bad", "yes"), ("X-Pass", "yes"))),
        Asked(headers=(("X-Bad", "yes"),), status=403),
        Asked(headers=(("X-Bad", "yes"), ("X-Pass", "no")), status=403),
        Asked(),
    ],
    "reqdeny ^X-Bad:\\ yes\nreqallow ^[^:\\ ]*\\ /open if { path_end .png }\nreqdeny ^[^:\\ ]*\\ /": [
        Asked("/open/a.png"),
        Asked("/open/a.png", (("X-Bad", "yes"),), status=403),
        Asked("/open/a.gif", status=403),
        Asked("/a.png", status=403),
    ],
    r"reqitarpit ^X-Slow:\ y": [
        Asked(headers=(("X-Slow", "Yes"),), status=500),
        Asked(headers=(("X-Slow", "no"),)),
    ],
    r"block if { path_beg /no } or { path /never }": [
        Asked("/no/way", status=403),
        Asked("/never", status=403),
        Asked("/yes"),
    ],
}
_STS = "strict-transport-security"
_LOCATION = r"rspirep ^Location:\ (https?://a\.example(:[0-9]+)?)?(/.*) Location:\ /base\3"
RESPONSES: dict[str, list[Answered]] = {
    r"rspadd Strict-Transport-Security:\ max-age=15768000": [
        Answered((), ((_STS, ("max-age=15768000",)),)),
        Answered(((_STS, "max-age=1"),), ((_STS, ("max-age=1", "max-age=15768000")),)),
        Answered(((_STS, "a"), (_STS, "b")), ((_STS, ("a", "b", "max-age=15768000")),)),
    ],
    r"rspadd X-A:\ 100%\ \'b\' if { res.hdr(x-b) -m found }": [
        Answered((("x-b", "1"),), (("x-a", ("100% 'b'",)),)),
        Answered((), (("x-a", ()),)),
    ],
    r"rspidel ^Server:.*": [
        Answered(
            (("Server", "one"), ("server", "two"), ("X-Server", "three")), (("server", ()), ("x-server", ("three",)))
        )
    ],
    _LOCATION: [
        Answered((("Location", "http://a.example/x"),), (("location", ("/base/x",)),)),
        Answered((("Location", "HTTPS://A.example:8080/x?y=z"),), (("location", ("/base/x?y=z",)),)),
        Answered((("Location", "/x"),), (("location", ("/base/x",)),)),
        Answered((("Location", "http://b.example/x"),), (("location", ("http://b.example/x",)),)),
        Answered((("Location", "x"),), (("location", ("x",)),)),
        Answered((("Content-Location", "/x"),), (("content-location", ("/x",)),)),
        Answered((("Location", "/a,b"), ("Location", "/c")), (("location", ("/base/a,b", "/base/c")),)),
    ],
    r"rsprep ^X-Powered-By:\ PHP/(.*) X-Powered-By:\ magic\ \1": [
        Answered((("X-Powered-By", "PHP/5"),), (("x-powered-by", ("magic 5",)),)),
        Answered((("X-Powered-By", "php/5"),), (("x-powered-by", ("php/5",)),)),
    ],
    r"rspirep ^(Set-Cookie:.*) \1;\ Secure": [
        Answered(
            (("Set-Cookie", "a=b; path=/, x"), ("set-cookie", "c=d")),
            (("set-cookie", ("a=b; path=/, x; Secure", "c=d; Secure")),),
        ),
    ],
    r"rspdeny ^Set-Cookie:\ secret=": [
        Answered((("Set-Cookie", "secret=1"),), status=502),
        Answered((("Set-Cookie", "open=1"),), (("set-cookie", ("open=1",)),)),
    ],
}
