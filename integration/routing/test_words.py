"""Conditions and expressions one by one: HAProxy tells in headers which of them hold, and what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.routing.comparing import asked
from integration.traffic.client import ask
from integration.traffic.fleets import STUB_PORTS
from integration.traffic.request import Request
from lbgen.haproxy.parse import parse
from lbgen.routing.judging import formatted, judge
from lbgen.routing.state import state_of
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from integration.routing.conftest import Balancer
    from lbgen.routing.state import State
    from lbgen.routing.table import Rule

_METHODS = ("str", "end", "sub", "dom", "beg", "reg", "dir")
_TEXT = "# words\nshop.example.org  by host \n/app by path\n.org by end\nexample by part\n^/a by re\n"
_LIST, _MAP = "/etc/haproxy/words.lst", "/etc/haproxy/words.map"
# A map for each method: in one that several share, HAProxy does not find all that it finds otherwise.
FILES = {
    _LIST: "# some\n/app\nshop.example.org\n",
    _MAP: _TEXT,
    **{f"/etc/haproxy/words-map_{method}.map": _TEXT for method in _METHODS},
}
CONDITIONS = (
    *(f"hdr(host) {words}" for words in ("shop.example.org", "-i SHOP.example.org", "SHOP.example.org", "-- a b", "")),
    *(f"hdr_{method}(host) -i {text}" for method in ("beg", "end", "sub") for text in ("SHOP", "org", ".")),
    *(
        f"hdr_dom(host) {text}"
        for text in ("shop", "example", "example.org", "ample", ".org", "shop.example.org", "org:8080")
    ),
    *(f"path_dir {text}" for text in ("app", "/app", "app/x", "x.php", "pp", "/app/x.php", "b")),
    *(f"path_dom {text}" for text in ("x", "php", "app")),
    *(f"path_len {text}" for text in ("1", "gt 5", "5:20", ":5", "ge 1 lt 100")),
    *(f"hdr(x-list) {text}" for text in ("one", "two", "'one, two'", "three")),
    *(
        f"{name} -m found"
        for name in ("hdr(x-list)", "hdr(x-none)", "query", "url_param(a)", "url_param(b)", "cook(who)")
    ),
    *(f"hdr_cnt(x-list) {text}" for text in ("1", "2", "gt 2")),
    *(f"hdr_reg(host) -i {text}" for text in ("^SHOP[.]", "org$", "^(shop|www)\\.", "o{2}")),
    *(f"url_{method} {text}" for method in ("beg", "end", "sub") for text in ("/app", "a=1", "?a")),
    *(f"base_{method} {text}" for method in ("beg", "end", "sub", "dir", "dom") for text in ("shop", "org/app", "app")),
    *(f"url_param(a) {text}" for text in ("1", "-m int gt 0", "-m int 5:", "-m len 1", "-m sub %20")),
    *(f"cook(who) {text}" for text in ("anna", "-m beg an", "bert")),
    *(
        f"{name} {text}"
        for name in ("path", "hdr(host)")
        for text in (f"-f {_LIST}", f"-i -f {_LIST}", f"-f {_LIST} /b")
    ),
    *(f"{name}(host) shop.example.org" for name in ("hdr", "req.hdr", "req.fhdr")),
    *(
        "method GET",
        "method POST",
        "dst_port 8080",
        "ssl_fc",
        "always_true",
        "always_false",
        "src 0.0.0.0/0",
    ),
    *("path,length gt 4", "hdr(x-list,1) one", "hdr(x-list,-1) two", "hdr(x-list,3) three", "req.fhdr_cnt(x-list) 1"),
    *("hdr(x-number) -m int gt 5", "hdr_val(x-number) 7", "hdr_ip(x-address) 10.0.0.0/8", "hdr_len(host) gt 10"),
    *("path_reg -i ^/APP/ ^/b", "path -m reg \\.php$", "query -m beg a", "path,field(2,/) app", "path,word(1,/) app"),
)
EXPRESSIONS = (
    *("%[req.hdr(host)]", "%[req.hdr(x-list)]", "%[req.fhdr(x-list)]", "%[req.hdr(x-list,1)]", "%[req.hdr(x-none)]"),
    *(
        "%[path]",
        "%[query]",
        "%[url]",
        "%[base]",
        "%[method]",
        "%[dst_port]",
        "%[ssl_fc]",
        "%[url_param(a)]",
        "%[str(ab)]",
    ),
    *("%[path,upper]", "%[req.hdr(host),upper,lower]", "%[path,length]", "%[url_param(a),url_dec]", "%[req.cook(who)]"),
    *(f"%[path,field({number},/)]" for number in (1, 2, 3, 9, -1, -2)),
    *(f"%[path,word({number},/)]" for number in (1, 2, 9, -1)),
    *("%[req.hdr(host),field(1,.:)]", "%[path,regsub(/,-)]", "%[path,regsub(/,-,g)]", "%[path,regsub(P,x,gi)]"),
    *("%[req.hdr(host),regsub(:.*$,,)]", "100%%", "%[path]-%[method]", "%[path,regsub(a+,[\\\\0])]", "%[bool(true)]"),
    *(
        f"%[req.hdr(host),{name}(/etc/haproxy/words-{name}.map,none)]"
        for name in ("map_str", "map_end", "map_sub", "map_dom", "map_beg")
    ),
    *(f"%[path,{name}(/etc/haproxy/words-{name}.map,none)]" for name in ("map_beg", "map_reg", "map_dir", "map_sub")),
    f"%[req.hdr(host),map({_MAP},none)]",
    *(
        "%[var(txn.x)]",
        "%[var(txn.y)]",
        "%[var(txn.z)]",
        "%[hdr_cnt(x-list)]",
        "%[int(5)]",
        "%[path,bool]",
        "%[path,not]",
    ),
)
_HEAD = f"""\
global
  log stdout format raw local0
  tune.maxrewrite 16384
  tune.bufsize 65536
defaults
  mode http
  timeout connect 3s
  timeout client 10s
  timeout server 10s
frontend words
  bind :8080
  http-request set-var(txn.x) req.hdr(host),field(1,.)
  http-request set-var(txn.y) path,map_beg({_MAP})
"""
REQUESTS = (
    Request(8080, "/app/x.php?a=1&b", "shop.example.org", more=(("x-list", "one, two"), ("x-number", "7"))),
    Request(8080, "/", "SHOP.example.org:8080", cookie="who=anna; b=c"),
    Request(
        8080,
        "/app",
        "www.example.com",
        cookie="a=b;who=bert; who=carl",
        more=(("x-address", "10.1.2.3"), ("x-list", "one")),
    ),
    Request(8080, "/b/app/c?a=%20x&a=2", "shop", more=(("x-list", "one,two,three"), ("x-address", "192.0.2.1"))),
    Request(8080, "/application//x/?", "org", more=(("x-number", "-3"), ("x-list", "three , one"))),
    Request(8080, "/APP/x.PHP?b=1&a=12", "shop.example.org.", more=(("x-number", "none"), ("x-list", ""))),
)


def configuration(host: str, conditions: tuple[str, ...], expressions: tuple[str, ...]) -> str:
    """A frontend that says in headers which conditions hold, and what the expressions are worth."""
    rules = [f"  http-request add-header x-holds {n} if {{ {text} }}\n" for n, text in enumerate(conditions)]
    rules += [f"  http-request set-header x-worth-{n} <{text}>\n" for n, text in enumerate(expressions)]
    end = f"  default_backend stub\nbackend stub\n  server stub {host}:{STUB_PORTS[0]}\n"
    return _HEAD + "".join(rules) + end


def _state(text: str, request: Request) -> State:
    table = table_of(parse(text))
    state = state_of(asked(request, ()), table, FILES, table.frontends[0], terminated=False)
    state.variables = {"txn.x": formatted("%[req.hdr(host),field(1,.)]", state), "txn.y": None}
    worth = formatted(f"%[path,map_beg({_MAP})]", state)
    state.variables["txn.y"] = worth or None
    return state


def _serve(balancer: Balancer, text: str) -> None:
    balancer.haproxy.reload(text, files={path: content.encode() for path, content in FILES.items()})


def _rules(state: State, action: str) -> list[Rule]:
    return [rule for rule in state.proxy.rules["http-request"] if rule.words[:1] == (action,)]


def _seen(balancer: Balancer, request: Request) -> dict[str, list[str]]:
    """The headers that the server got."""
    seen = ask(balancer.haproxy, request).seen
    assert seen is not None
    headers: dict[str, list[str]] = seen["headers"]
    return headers


def test_lbgen_knows_which_conditions_hold(balancer: Balancer) -> None:
    text = configuration(balancer.address, CONDITIONS, ())
    _serve(balancer, text)
    wrong = []
    for request in REQUESTS:
        values = _seen(balancer, request).get("x-holds", [])
        held = {int(number) for value in values for number in value.split(",")}
        state = _state(text, request)
        for number, rule in enumerate(_rules(state, "add-header")):
            verdict = judge(rule.condition, state)
            if verdict.truth is not (number in held):
                wrong.append((request, CONDITIONS[number], verdict))
    assert wrong == []


def test_lbgen_knows_what_expressions_are_worth(balancer: Balancer) -> None:
    text = configuration(balancer.address, (), EXPRESSIONS)
    _serve(balancer, text)
    wrong = []
    for request in REQUESTS:
        headers = _seen(balancer, request)
        state = _state(text, request)
        for number, rule in enumerate(_rules(state, "set-header")):
            said, real = formatted(rule.words[2], state), headers[f"x-worth-{number}"][0]
            if said != real:
                wrong.append((request, EXPRESSIONS[number], said, real))
    assert wrong == []
