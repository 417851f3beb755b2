"""The Marathon app that makes a load balancer expose an API: it runs nothing, and its labels say everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.expose.apiserver import DAY

if TYPE_CHECKING:
    from lbgen.expose.apiserver import ApiServer


def marathon_app(api: ApiServer) -> dict[str, Any]:
    """The definition, as `dcos marathon app add` takes it."""
    return {
        "id": f"/{api.name}",
        "instances": 1,
        "cpus": 0.001,
        "mem": 16,
        "cmd": "tail -F /dev/null",
        "container": {"type": "MESOS"},
        "portDefinitions": [{"protocol": "tcp", "port": 0}],
        "labels": _labels(api),
    }


def _labels(api: ApiServer) -> dict[str, str]:
    labels = {
        "HAPROXY_GROUP": api.group,
        "HAPROXY_0_MODE": "tcp" if api.passthrough else "http",
        "HAPROXY_0_PORT": str(api.port),
    }
    if not api.passthrough:
        labels["HAPROXY_0_SSL_CERT"] = api.ssl_cert
    if api.improved or api.passthrough:
        labels["HAPROXY_0_FRONTEND_HEAD"] = _lines("", *_frontend(api))
    if api.sni is not None:
        rule = f"  use_backend {{backend}} if {{{{ req.ssl_sni -i {api.sni} }}}}"
        labels["HAPROXY_0_FRONTEND_BACKEND_GLUE"] = _lines(rule)
    if api.improved and not api.passthrough:
        # An empty one keeps the app off 9091, where it would be served in clear text.
        labels["HAPROXY_0_HTTP_FRONTEND_APPID_ACL"] = ""
    labels["HAPROXY_0_BACKEND_SERVER_OPTIONS"] = _lines(*_backend(api))
    return labels


def _frontend(api: ApiServer) -> list[str]:
    """The frontend's own lines, with the timeout that counts where clients connect."""
    lines = [
        "frontend {backend}",
        "  bind {bindAddr}:{servicePort}{sslCert}{bindOptions}",
        "  mode {mode}",
        f"  timeout client {DAY}",
    ]
    if api.sni is not None:
        lines += ["  tcp-request inspect-delay 5s", "  tcp-request content accept if {{ req.ssl_hello_type 1 }}"]
    return lines


def _backend(api: ApiServer) -> list[str]:
    timeouts = ["connect 10s", f"client {DAY}", f"server {DAY}", f"tunnel {DAY}"]
    if api.improved or api.passthrough:
        timeouts.remove(f"client {DAY}")  # a backend has none
    return [*(f"  timeout {each}" for each in timeouts), f"  server kube-apiserver {api.host}:6443{_tls(api)}"]


def _tls(api: ApiServer) -> str:
    if api.passthrough:
        return ""
    if api.verify == "none":
        return " ssl verify none"
    name = f" verifyhost {api.host} sni str({api.host})" if api.improved else ""
    return f" ssl verify required ca-file {api.ca_file}{name}"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)
