"""The Edge-LB pool that exposes an API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.expose.apiserver import DAY

if TYPE_CHECKING:
    from lbgen.expose.apiserver import ApiServer

_BACKEND = "kubernetes-apiserver"


def pool(api: ApiServer) -> dict[str, Any]:
    """The definition, as `dcos edgelb create` takes it."""
    definition: dict[str, Any] = {
        "apiVersion": "V2",
        "name": api.name,
        "count": 1,
        "autoCertificate": True,
        "haproxy": {"frontends": [_frontend(api)], "backends": [_backend(api)], "stats": _stats(api)},
    }
    if api.passthrough and api.sni is None:
        del definition["autoCertificate"]
    return definition


def _frontend(api: ApiServer) -> dict[str, Any]:
    frontend: dict[str, Any] = {"bindPort": api.port, "protocol": _protocol(api)}
    if frontend["protocol"] != "TCP":
        # Edge-LB asks for one with TLS too, where none is ever shown.
        frontend["certificates"] = ["$AUTOCERT"]
    if _waits(api):
        frontend["miscStrs"] = [f"timeout client {DAY}"]
    if api.sni is not None:
        frontend["linkBackend"] = {"map": [{"hostEq": api.sni, "backend": _BACKEND}]}
    else:
        frontend["linkBackend"] = {"defaultBackend": _BACKEND}
    return frontend


def _protocol(api: ApiServer) -> str:
    if not api.passthrough:
        return "HTTPS"
    return "TCP" if api.sni is None else "TLS"


def _backend(api: ApiServer) -> dict[str, Any]:
    pattern = "^kube-apiserver" if api.improved else "kube-apiserver"
    backend: dict[str, Any] = {
        "name": _BACKEND,
        "protocol": "TCP" if api.passthrough else "HTTPS",
        "services": [
            {
                "mesos": {"frameworkName": api.service_name.strip("/"), "taskNamePattern": pattern},
                "endpoint": {"portName": "apiserver"},
            }
        ],
    }
    if _waits(api):
        backend["miscStrs"] = ["timeout connect 10s", f"timeout server {DAY}", f"timeout tunnel {DAY}"]
    if api.verify == "ca" and not api.passthrough:
        # The line that Edge-LB writes says "ssl verify none" first; of two, HAProxy takes the last.
        backend["services"][0]["endpoint"]["miscStr"] = f"verify required ca-file {api.ca_file}"
    return backend


def _waits(api: ApiServer) -> bool:
    return api.improved or api.passthrough


def _stats(api: ApiServer) -> dict[str, Any]:
    address = api.stats_address or ("127.0.0.1" if api.improved else None)
    return {"bindPort": api.stats_port} | ({"bindAddress": address} if address is not None else {})
