"""What a pool asks of AWS; nothing of it ends up in haproxy.cfg."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.checks.words import close_to, in_range, missing, one_of, repeated
from lbgen.edgelb.said import Said, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.edgelb.pool import Pool


def cloud(pool: Pool) -> Iterator[Said]:
    """The faults of the cloud's load balancers."""
    aws = (pool.fields.get("cloudProvider") or {}).get("aws")
    if aws is None:
        return
    at = f"{pool.at}/cloudProvider/aws/elbs"
    elbs = aws.get("elbs") or []
    if not elbs:
        yield Said("value-missing", at, '"elbs" needs at least one load balancer')
    names = [frontend.name for frontend in pool.frontends]
    for index, elb in enumerate(elbs):
        yield from _elb(f"{at}/{index}", elb, names)
    given = ((f"{at}/{index}/name", elb["name"]) for index, elb in enumerate(elbs) if elb.get("name"))
    yield from repeated(given, "the load balancer")


def _elb(at: str, elb: dict[str, Any], frontends: Sequence[str]) -> Iterator[Said]:
    for key in ("type", "name", "listeners"):
        if not elb.get(key):
            yield missing(at, key)
    if elb.get("type") and elb["type"] != "NLB":
        yield Said("bad-pool-value", f"{at}/type", f'"type" should be NLB, is "{elb["type"]:.60}"')
    for index, listener in enumerate(elb.get("listeners") or []):
        yield from _listener(f"{at}/listeners/{index}", listener, frontends)
    tags = elb.get("tags") or []
    if len(tags) > 30:
        yield Said("bad-pool-value", f"{at}/tags", f'"tags" should be at most 30, are {len(tags)}')
    for index, tag in enumerate(tags):
        for key, most in (("key", 127), ("value", 255)):
            if len(tag.get(key) or "") > most:
                pointer = f"{at}/tags/{index}/{key}"
                yield Said("bad-pool-value", pointer, f'"{key}" should have at most {most} characters')


def _listener(at: str, listener: dict[str, Any], frontends: Sequence[str]) -> Iterator[Said]:
    if "port" not in listener:
        yield missing(at, "port")
    else:
        yield from in_range(f"{at}/port", listener["port"], range(1, 65536))
    yield from one_of(f"{at}/protocol", listener["protocol"], ("TCP", "TLS"))
    name = listener.get("linkFrontend")
    if not name:
        yield missing(at, "linkFrontend")
    elif name not in frontends:
        message = f'no frontend is called "{name:.60}", so that nothing stands behind the listener'
        yield warning("unknown-frontend", f"{at}/linkFrontend", message, close_to(name, frontends))
    tls = listener.get("tls")
    if tls is not None:
        if not tls.get("policy"):
            yield missing(f"{at}/tls", "policy")
        if not 1 <= len(tls.get("certificates") or []) <= 25:
            yield Said("bad-pool-value", f"{at}/tls/certificates", '"certificates" should be from 1 to 25')
