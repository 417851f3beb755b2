r"""Lines that HAProxy has dropped in the words of today. What both do is compared in integration/lint_fixes."""

from __future__ import annotations

import pytest

from lbgen.haproxy.modern import Context, modern
from lbgen.haproxy.words import lex

HERE = Context("backend")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"rspadd X-Frame-Options:\ DENY", "http-response add-header X-Frame-Options DENY"),
        (r"rspadd  A:\ 100%\ of\ it", "http-response add-header A '100%% of it'"),
        (r"reqadd X:\ 1 if { ssl_fc }", "http-request add-header X 1 if { ssl_fc }"),
        (r"reqadd X:\ 1 unless a or b", "http-request add-header X 1 unless a or b"),
        (r"rspidel ^Server:.*", "http-response del-header Server"),
        (r"rspdel ^X-Powered-By:\ .*", "http-response del-header X-Powered-By"),
        (r"reqidel ^Cookie: if a", "http-request del-header Cookie if a"),
        (r"reqrep ^([^\ :]*)\ /old/(.*) \1\ /new/\2", r"http-request replace-path ^/old/(.*) '/new/\1'"),
        (r"reqirep ^([^\ :]*)\ /old/(.*) \1\ /new/\2", r"http-request replace-path (?i)^/old/(.*) '/new/\1'"),
        (r'reqirep "^([^ :]*) /a[/]?(.*)" "\1 /\2"', r"http-request replace-path (?i)^/a/?(.*) '/\1'"),
        (r"reqrep ^([^\ ]*\ /)admin[/]?(.*) \1\2", r"http-request replace-path ^/admin/?(.*) '/\1'"),
        (r"reqrep ^([^\ :]*)\ /(.*) \1\ /all/\2", r"http-request replace-path ^/(.*) '/all/\1'"),
        (r"reqirep ^Host:\ www\.(.*) Host:\ \1", r"http-request replace-header Host '(?i)^www\.(.*)' '\1'"),
        (
            r"rspirep ^Location:\ http://a/(.*) Location:\ https://a/\1 if c",
            r"http-response replace-header Location (?i)^http://a/(.*) 'https://a/\1' if c",
        ),
        (r"reqirep ^Host: Host:\ b.example", "http-request replace-header Host .* b.example"),
        (r"rspirep ^(Set-Cookie:.*) \1;\ Secure", r"http-response replace-header Set-Cookie ^(.*) '\1; Secure'"),
        (r"reqrep ^A:\ (b|c)[|]$ 'A: \1\\d\%'", r"http-request replace-header A '^(b|c)[|]$' '\1\\d%%'"),
        (
            r"option httpchk GET /h HTTP/1.1\r\nHost:\ www\r\nX-A:\ 100%\ b",
            "option httpchk\nhttp-check send meth GET uri /h ver HTTP/1.1 hdr Host www hdr X-A '100%% b'",
        ),
        (r"srvexp ^X:\ a(.*) X:\ b\1", r"http-response replace-header X ^a(.*) 'b\1'"),
        ("clitimeout 5000", "timeout client 5000"),
        ("contimeout 5s", "timeout connect 5s"),
        ("srvtimeout 1m # long", "timeout server 1m"),
        ("timeout clitimeout 5s", "timeout client 5s"),
        ("redispatch", "option redispatch"),
        ("option forceclose", "option httpclose"),
        ("block if { src 10.0.0.0/8 }", "http-request deny if { src 10.0.0.0/8 }"),
        ("nbproc 1", ""),
    ],
)
def test_what_certainly_does_the_same_is_safe(old: str, new: str) -> None:
    made = modern(lex(old), HERE)
    assert made is not None
    assert (made.text, made.safe) == (new, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"reqrep ^([^\ :]*)\ /(a|b)/(.*) \1\ /\2/x/\3", r"http-request replace-path ^/(a|b)/(.*) '/\1/x/\2'"),
        (r"reqrep ^([^\ :]*)\ /a.b/(.*) \1\ /\2", r"http-request replace-path ^/a.b/(.*) '/\1'"),
        (r"reqideny ^User-Agent:\ evil", "http-request deny if { req.fhdr(User-Agent) -m reg -i ^evil }"),
        (r"reqtarpit ^[^:\ ]*\ /x", "http-request tarpit if { path -m reg ^/x }"),
        (
            r"reqdeny ^[^:\ ]*\ /x if a or b",
            "http-request deny if { path -m reg ^/x } a or { path -m reg ^/x } b",
        ),
        (r"rspdeny ^Set-Cookie:\ a=", "http-response deny if { res.fhdr(Set-Cookie) -m reg ^a= }"),
        ("nbproc 4", ""),
        ("rspidel ^Server", "http-response del-header Server"),
    ],
)
def test_what_may_differ_is_unsafe(old: str, new: str) -> None:
    made = modern(lex(old), HERE)
    assert made is not None
    assert (made.text, made.safe) == (new, False)


@pytest.mark.parametrize(
    "old",
    [
        r"rspadd X:\ 1 2",
        r"rspadd no-colon",
        r"rspadd X:",
        r'rspadd "X: ${Y}"',
        r"rspadd X:\ a\r\nY:\ b",
        r"rspdel X",
        r"option httpchk GET /h HTTP/1.1\r\nHost:\ www\r\n\r\nbody",
        r"option httpchk GET /h HTTP/1.1",
        r"option httpchk GET /h x\r\nHost:\ www",
        r"reqrep ^Host:\ a|b Host:\ c",
        r"reqdeny ^User-Agent:\ (a|b)|c",
        r"rsprep ^(Set-Cookie:.*) \2;\ Secure",
        r"rsprep ^(Set-Cookie:.*) Cookie:\ \1",
        r"rspdel ^X-.*",
        r"reqrep ^GET\ /a(.*) GET\ /b\1",
        r"reqrep ^([^\ :]*)\ /a\?b=(.*) \1\ /b/\2",
        r"reqrep ^([^\ :]*)\ /a(.*)b(.*) \1\ /\3\2",
        r"reqrep ^([^\ :]*)\ /a/(.*) \1\ /b/\2\ HTTP/1.0",
        r"reqrep ^([^\ :]*)\ /a/(.*) \2",
        r"reqrep ^Host:\ (.*) X-Host:\ \1",
        r"reqrep Host:\ a Host:\ b",
        r"rsprep ^HTTP/1.1\ 404\ (.*) HTTP/1.1\ 200\ \1",
        r"reqdeny evil",
        r"reqdeny ^X:\ a unless b",
        r"reqpass ^Cookie:",
        "block",
        "appsession A len 3 timeout 1h",
        "option http_proxy",
    ],
)
def test_what_has_no_equal_is_left_to_people(old: str) -> None:
    assert modern(lex(old), HERE) is None


def test_the_order_of_rules_makes_it_unsafe() -> None:
    later = Context("backend", behind=frozenset({"http-request"}))
    earlier = Context("backend", before=frozenset({"http-request"}))
    assert not getattr(modern(lex(r"reqadd A:\ b"), later), "safe", True)
    assert getattr(modern(lex(r"rspadd A:\ b"), later), "safe", False)
    assert not getattr(modern(lex("block if a"), earlier), "safe", True)
    deleted = Context("backend", behind=frozenset({"reqidel"}))
    assert not getattr(modern(lex(r"reqadd A:\ b"), deleted), "safe", True)
    assert getattr(modern(lex(r"reqirep ^A:\ b A:\ c"), deleted), "safe", False)


def test_braces_are_doubled_where_the_text_is_a_template() -> None:
    made = modern(lex(r"reqdeny ^X:\ a"), Context("backend", formatted=True))
    assert made is not None
    assert made.text == "http-request deny if {{ req.fhdr(X) -m reg ^a }}"


def test_the_blanks_of_a_template_stay_and_make_it_unsafe() -> None:
    made = modern(lex(r'reqirep "^([^ :]*) {proxypath}/?(.*)" "\1 /\2"'), Context("backend", formatted=True))
    assert made is not None
    assert (made.text, made.safe) == (r"http-request replace-path (?i)^{proxypath}/?(.*) '/\1'", False)
