"""Whatever a file holds, there is a table, and an answer; and neither takes long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.routing.request import request_of_url
from lbgen.routing.route import route
from lbgen.routing.shadows import shadows
from lbgen.routing.table import table_of

_VOCABULARY = r"""
tcp http :80 *:80- a:80,b:81 abns@x ssl 192.0.2.1:80 disabled backup accept reject allow deny deny_status auth realm
return status set-path replace-path set-header del-header set-var(txn.x) set-var( unset-var(txn.x) set-src set-query
replace-header Host use-service lua.x tarpit location prefix scheme code drop-query append-slash if unless or || ! !! {
} {} hdr(host) hdr(host,-1) hdr(host,9) hdr hdr() hdr( path path_beg path_len src dst_port ssl_fc ssl_fc_sni method
http_auth(a) http_auth_group(a) nbsrv(a) var(txn.x) path,map(m) path,map_reg(m) path,map_ip(m) path,field(0,/)
path,word(-9,/) path,regsub(((,x) path,iif() cook(a) url_param base -i -m -f -M -- beg reg found int ip ( [ * % %[
%[path] %[path, %% 1: :1 gt eq a / \1 (a+) TRUE FALSE METH_GET WAIT_END " ' "$X" ${X # enable uri users groups from
99999999999999999999 é
"""
_WORDS = (*_VOCABULARY.split(), "\t", "\x00", "\ufdd0", "a" * 999)
_STARTS = (
    *("use_backend a if", "use_backend", "use-server s if", "default_backend a", "server s", "bind", "acl a", "acl"),
    *("http-request", "tcp-request content", "tcp-request connection", "redirect", "monitor-uri", "stats", "mode"),
    *("frontend b", "backend a", "listen c", "defaults d", "userlist a", "user u", "group g", ".if", ".endif", ""),
)
_lines = st.tuples(st.sampled_from(_STARTS), st.lists(st.sampled_from(_WORDS), max_size=8)).map(
    lambda line: " ".join((line[0], *line[1]))
)
_texts = st.lists(_lines, max_size=25).map("\n".join)
_heads = st.sampled_from(("", "defaults\n mode http\n", "listen x\n mode http\n bind :80\n", "frontend a\n bind :80\n"))
_files = st.dictionaries(st.just("m"), st.text(max_size=20))


@given(_heads, _texts, _files, st.sampled_from(("http", "https")))
def test_there_is_an_answer(head: str, text: str, files: dict[str, str], scheme: str) -> None:
    table = table_of(parse(head + text))
    shadows(table)
    for proxy in table.frontends:
        list(proxy.files())
    answer = route(
        request_of_url(f"{scheme}://host.test:80/a/b?c=d", headers=[("Authorization", "Basic !")]), table, files
    )
    assert all(door.ways for door in answer.doors)


def test_a_rule_of_more_hosts_and_paths_than_can_be_told_apart_takes_nothing() -> None:
    hosts, paths = (" ".join(f"{sign}{number}" for number in range(3000)) for sign in ("h", "/"))
    rule = f"use_backend a if {{ hdr(host) {hosts} }} {{ path_beg {paths} }}"
    table = table_of(parse(f"frontend x\n mode http\n bind :80\n {rule}\n {rule.replace('backend a', 'backend b')}\n"))
    assert shadows(table).routes == []
