"""From the objects of a document, defaults filled in, to the pool that lbgen works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema, v1
from lbgen.edgelb.defaults import filled
from lbgen.edgelb.pool import (
    Backend,
    CustomCheck,
    Endpoint,
    Exemption,
    Frontend,
    Pool,
    Rewrite,
    Rule,
    Service,
    Stats,
    Wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Object = dict[str, Any]

SELECTORS: Mapping[str, tuple[str, ...]] = {
    "marathon": ("serviceID", "containerName"),
    "mesos": ("frameworkName", "frameworkID", "taskName", "taskID"),
}
"""What a service selects by; each with a pattern beside it."""


def build(version: str, written: Mapping[str, Any], document: str, at: str) -> Pool:
    """The pool out of an object whose types are right; `at` is the pointer to it."""
    fields = filled(schema.POOLS[version], written)
    haproxy = fields.get("haproxy") or {}
    stats = haproxy.get("stats") or filled(schema.Stats, {})
    return Pool(
        document=document,
        at=at,
        version=version,
        name=_text(fields, "name"),
        stats=Stats(at=f"{at}/haproxy/stats", address=stats["bindAddress"], port=stats["bindPort"]),
        frontends=tuple(_frontends(haproxy.get("frontends") or [], f"{at}/haproxy/frontends")),
        backends=tuple(_backends(haproxy.get("backends") or [], f"{at}/haproxy/backends")),
        fields=fields,
        written=written,
    )


def _text(fields: Mapping[str, Any], key: str) -> str:
    return str(fields.get(key) or "")


def _frontends(listed: list[Object], at: str) -> Iterator[Frontend]:
    names = _default_names(listed)
    for index, fields in enumerate(listed):
        link = fields.get("linkBackend") or {}
        redirect = fields.get("redirectToHttps")
        here = f"{at}/{index}"
        yield Frontend(
            at=here,
            name=_text(fields, "name") or names[index],
            named=bool(fields.get("name")),
            address=fields["bindAddress"],
            port=fields["bindPort"],
            modifier=_text(fields, "bindModifier"),
            certificates=tuple(fields["certificates"]),
            redirect=None if redirect is None else tuple(_exemptions(redirect, f"{here}/redirectToHttps/except")),
            misc=tuple(fields["miscStrs"]),
            protocol=_text(fields, "protocol"),
            default_backend=_text(link, "defaultBackend"),
            rules=tuple(_rules(link.get("map") or [], f"{here}/linkBackend/map")),
        )


def _default_names(listed: list[Object]) -> list[str]:
    """`frontend_<address>_<port>`; where several would be alike, as with port 0, their positions tell them apart."""
    names = [f"frontend_{fields['bindAddress']}_{fields['bindPort']}" for fields in listed]
    unnamed = [name for name, fields in zip(names, listed, strict=True) if not fields.get("name")]
    return [
        f"{name}_{index}" if unnamed.count(name) > 1 and not fields["bindPort"] else name
        for index, (name, fields) in enumerate(zip(names, listed, strict=True))
    ]


def _exemptions(redirect: Object, at: str) -> Iterator[Exemption]:
    for index, fields in enumerate(redirect.get("except") or []):
        yield Exemption(f"{at}/{index}", _text(fields, "host"), _text(fields, "pathBeg"))


def _rules(listed: list[Object], at: str) -> Iterator[Rule]:
    for index, fields in enumerate(listed):
        texts = (_text(fields, key) for key in ("backend", "hostEq", "hostReg", "pathBeg", "pathReg", "pathEnd"))
        yield Rule(f"{at}/{index}", *texts)


def _backends(listed: list[Object], at: str) -> Iterator[Backend]:
    for index, fields in enumerate(listed):
        here = f"{at}/{index}"
        yield Backend(
            at=here,
            name=_text(fields, "name"),
            protocol=_text(fields, "protocol"),
            balance=_text(fields, "balance"),
            check=_check(fields["customCheck"]) if fields.get("customCheck") is not None else None,
            misc=tuple(fields["miscStrs"]),
            rewrite=_rewrite(fields["rewriteHttp"]) if fields.get("rewriteHttp") is not None else None,
            services=tuple(_services(fields, here)),
        )


def _check(fields: Object) -> CustomCheck:
    return CustomCheck(
        httpchk=fields["httpchk"],
        httpchk_misc=_text(fields, "httpchkMiscStr"),
        ssl_hello=fields["sslHelloChk"],
        misc=_text(fields, "miscStr"),
    )


def _rewrite(fields: Object) -> Rewrite:
    request, response = fields.get("request") or {}, fields.get("response") or {}
    path, sticky = fields.get("path"), fields.get("sticky")
    return Rewrite(
        host=_text(fields, "host"),
        path=None if path is None else (path["fromPath"], path["toPath"]),
        forwardfor=bool(request.get("forwardfor")),
        port=bool(request.get("xForwardedPort")),
        proto=bool(request.get("xForwardedProtoHttpsIfTls")),
        set_host=bool(request.get("setHostHeader")),
        rewrite_path=bool(request.get("rewritePath")),
        rewrite_location=bool(response.get("rewriteLocation")),
        sticky=None if sticky is None else _text(sticky, "customStr"),
        sticky_enabled=bool(sticky and sticky.get("enabled")),
    )


def _services(backend: Object, at: str) -> Iterator[Service]:
    for index, fields in enumerate(backend.get("services") or []):
        yield _service(fields, f"{at}/services/{index}")
    for index, server in enumerate(backend.get("servers") or []):
        fields = filled(schema.Service, v1.service(server))
        vip = _text(server.get("port") or {}, "vip") if v1.is_vip(server) else ""
        yield _service(fields, f"{at}/servers/{index}", vip=vip, elsewhere=v1.FIELDS)


def _service(fields: Object, at: str, *, vip: str = "", elsewhere: Mapping[str, str] | None = None) -> Service:
    wanted = tuple(
        Wanted(f"{where}/{key}", _text(fields.get(where) or {}, key), _text(fields.get(where) or {}, f"{key}Pattern"))
        for where, keys in SELECTORS.items()
        for key in keys
    )
    endpoint = _endpoint(fields.get("endpoint") or filled(schema.Endpoint, {}))
    return Service(at=at, wanted=wanted, endpoint=endpoint, vip=vip, fields=elsewhere or {})


def _endpoint(fields: Object) -> Endpoint:
    check = fields.get("check") or {}
    return Endpoint(
        type=fields["type"],
        address=_text(fields, "address"),
        port=fields["port"],
        port_name=_text(fields, "portName"),
        all_ports=fields["allPorts"],
        check=bool(check.get("enabled")),
        check_extra=_text(check, "customStr"),
        misc=_text(fields, "miscStr"),
    )
