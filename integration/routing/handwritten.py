"""A haproxy.cfg as people write them, with most of what decides about a request, and requests for all of it."""

from __future__ import annotations

from itertools import product

from integration.traffic.fleets import STUB_PORTS
from integration.traffic.request import Request

FILES = {
    "/etc/haproxy/hosts.map": "# by host\nmapped.example.org api\n.example.net  blog\ndead.example.org gone\n",
    "/etc/haproxy/paths.map": "/beg web\n/beg/long api\n/x blog\n",
    "/etc/haproxy/patterns.map": "^/r[0-9]+ api\n^/r blog\n",
    "/etc/haproxy/bad.lst": "# paths\n/bad\n/worse\n",
}
_NAMES = ("web", "api", "blog", "rest", "spare", "slow")
_TEXT = """\
global
  log stdout format raw local0
defaults
  mode http
  timeout connect 3s
  timeout client 10s
  timeout server 10s
  timeout http-request 10s

userlist staff
  group admins users amber
  user amber insecure-password amber-secret
  user blue insecure-password blue-secret

frontend main
  bind :8080
  bind :81
  bind :8443 ssl crt /etc/ssl/cert.pem
  monitor-uri /alive
  stats enable
  stats uri /statistics
  acl is_api hdr(host) -i api.example.org
  acl is_api hdr_beg(host) -i api-
  acl local src 127.0.0.0/8 10.0.0.0/8
  acl nets src 172.16.0.0/12 192.168.0.0/16 10.0.0.0/8 127.0.0.0/8
  acl reading method GET HEAD
  acl bad path_beg -i -f /etc/haproxy/bad.lst
  acl admin path_dir admin
  acl staff http_auth(staff)
  acl admins http_auth_group(staff) admins
  tcp-request content reject if { dst_port 81 }
  http-request set-var(txn.host) hdr(host),lower,field(1,:)
  http-request deny if bad
  http-request deny deny_status 429 if { path /slow } !local
  http-request auth realm Staff if admin !staff
  http-request deny if admin !admins
  http-request redirect location https://new.example.org%[path] code 308 if { path_beg /moved }
  http-request redirect prefix https://www.example.org code 301 drop-query append-slash if { hdr(host) example.org }
  http-request allow if { path_end .txt } nets
  http-request replace-path ^/old/(.*)$ /new/\\1
  http-request set-path /fixed%[path] if { hdr(x-fix) -m found }
  http-request set-header x-kind %[var(txn.host),map_end(/etc/haproxy/hosts.map,none)]
  http-request deny if { path_sub secret } or { url_param(token) leaked } || { hdr(x-block) yes }
  redirect scheme https code 302 if { hdr_dom(host) -i secure } !{ ssl_fc }
  redirect location / if { path /home } TRUE
  acl mapped hdr(host),lower,map(/etc/haproxy/hosts.map) -m found
  use_backend %[req.hdr(host),lower,map(/etc/haproxy/hosts.map)] if mapped
  use_backend api if is_api or { path_reg ^/v[0-9]+/ }
  use_backend blog unless { hdr(host) -i -m sub example } or { hdr(host) -m end .test }
  use_backend blog if { var(txn.host) -m str blog.example.org }
  use_backend %[path,map_beg(/etc/haproxy/paths.map)] if { path,map_beg(/etc/haproxy/paths.map) -m found }
  use_backend %[path,map_reg(/etc/haproxy/patterns.map)] if { path_beg /r }
  use_backend spare if { path_len gt 40 } { hdr_cnt(host) 1 }
  use_backend spare if { query -m found } { base_sub guarded.test/q }
  use_backend guarded if { hdr(host) guarded.test }
  use_backend empty if { hdr(host) empty.test }
  use_backend api if { cook(color) blue } reading
  use_backend api if { cook(color) green } !METH_POST
  default_backend rest

backend web
  server web {host}:{web}
backend api
  http-request replace-path /api(/.*)? \\1
  http-request set-header Host inner.%[req.hdr(host)]
  server api {host}:{api}
backend blog
  acl root path /
  redirect code 303 location /start if root
  server blog {host}:{blog}
backend rest
  use-server slow if { path_beg /slowly }
  server rest {host}:{rest}
  server slow {host}:{slow} weight 0
  server off {host}:1 disabled
backend spare
  server off {host}:1 disabled
  server spare {host}:{spare} backup
backend guarded
  http-request deny unless {{ src 192.0.2.0/24 }}
  server web {host}:{web}
backend empty
"""


def configuration(host: str) -> str:
    """The configuration, its stubs being on this host."""
    text = _TEXT.replace("{{", "{").replace("}}", "}").replace("{host}", host)
    for name, port in zip(_NAMES, STUB_PORTS, strict=False):
        text = text.replace(f"{{{name}}}", str(port))
    return text


_HOSTS = (
    "api.example.org",
    "API-2.example.com",
    "mapped.example.org",
    "x.example.net",
    "dead.example.org",
    "blog.example.org",
    "blog.example.org:8080",
    "example.org",
    "secure.example.com",
    "guarded.test",
    "empty.test",
    "other.test",
    "nothing.invalid",
)
_PATHS = (
    "/",
    "/alive",
    "/alive?x",
    "/statistics",
    "/statistics-of-mine",
    "/bad",
    "/WORSE/x",
    "/slow",
    "/slowly",
    "/admin",
    "/x/admin/y",
    "/administrator",
    "/moved/a?b=c",
    "/secret.txt",
    "/old/page?x=1",
    "/home",
    "/v2/x",
    "/beg",
    "/beg/long/x",
    "/r7",
    "/rx",
    "/q?a=1",
    "/a/secret",
    "/a?token=leaked&b",
    "/a?token=fine",
    "/api/things",
    "/" + "long" * 12,
)
_MORE = (
    (),
    (("x-fix", "1"),),
    (("x-block", "no, yes"),),
    (("cookie", "a=b; color=green"),),
    (("cookie", "color=blue"),),
)


def requests() -> list[Request]:
    """Every host with every path and with some headers, by both doors, with and without a login."""
    made = [Request(8080, path, host, more=more) for host, path, more in product(_HOSTS, _PATHS, _MORE)]
    made += [
        Request(8443, path, host, tls=True, server_name=host.partition(":")[0])
        for host, path in product(_HOSTS, _PATHS[:12])
    ]
    logins = ("amber:amber-secret", "blue:blue-secret", "blue:wrong", "nobody:x")
    made.append(Request(81, "/"))
    made += [Request(8080, path, "api.example.org", login) for path, login in product(("/admin", "/x/admin/y"), logins)]
    return made


LOGINS = ("amber:amber-secret", "blue:blue-secret")


_DOORS = """\
global
  log stdout format raw local0
defaults
  mode tcp
  timeout connect 3s
  timeout client 10s
  timeout server 10s

frontend tls
  bind :443
  tcp-request inspect-delay 2s
  tcp-request content accept if { req.ssl_hello_type 1 }
  use_backend passed if { req.ssl_sni -m end .passed.test }
  use_backend inner if { req.ssl_sni -i inner.test } or { req.ssl_sni -m reg ^in-[0-9]+ }
backend passed
  server alone abns@alone send-proxy-v2
backend inner
  server inner abns@inner send-proxy-v2
listen raw
  bind :81
  tcp-request connection reject if { src 0.0.0.0/8 }
  server raw {host}:{api}
listen empty
  bind :80

defaults
  mode http
  timeout connect 3s
  timeout client 10s
  timeout server 10s
  default_backend rest

frontend inner_in
  bind abns@inner accept-proxy ssl crt /etc/ssl/cert.pem
  http-request deny unless { ssl_fc }
  http-request deny deny_status 429 unless { dst_port 443 }
  use_backend web if { ssl_fc_sni inner.test } { hdr(host) inner.test }
listen alone
  bind abns@alone accept-proxy ssl crt /etc/ssl/cert.pem
  http-request redirect location / if { path /home }
  use_backend web unless { path_beg /x }
frontend one
  bind :8080
  http-request return status 410 if { path / }
frontend two
  bind *:8080
backend web
  server web {host}:{web}
backend rest
  server rest {host}:{rest}
"""


def doors(host: str) -> str:
    """Frontends behind frontends, two on one port, and some that speak no HTTP; its stubs are on this host."""
    text = _DOORS.replace("{host}", host)
    for name, port in zip(_NAMES, STUB_PORTS, strict=False):
        text = text.replace(f"{{{name}}}", str(port))
    return text


def requests_of_doors() -> list[Request]:
    """Requests for each of these doors."""
    names = ("a.passed.test", "passed.test", "inner.test", "INNER.test", "in-7.test", "in-x.test", None)
    secure = [
        Request(443, path, host, tls=True, server_name=name)
        for name, host, path in product(names, ("inner.test", "other.test"), ("/", "/home"))
    ]
    plain = [Request(port, path, "inner.test") for port, path in product((443, 80, 81, 8080), ("/x", "/home"))]
    return [*secure, *plain]
