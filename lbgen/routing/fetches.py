"""What HAProxy's fetches find in a request; of what they cannot be told without the load balancer they say so."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from lbgen.routing.values import Unknown, address_of, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.routing.expressions import Call
    from lbgen.routing.state import State
    from lbgen.routing.values import Sample

    Fetch = Callable[[State, tuple[str, ...]], Sequence[Sample]]


def fetch(call: Call, state: State) -> Sequence[Sample]:
    """All samples that the fetch finds, in their order; none where there is nothing."""
    found = HTTP.get(call.name)
    if found is not None:
        if not state.http:
            return (Unknown(f"{call.name} is asked for in tcp mode"),)
        return found(state, call.args)
    found = OTHERS.get(call.name)
    if found is not None:
        return found(state, call.args)
    return (Unknown(f"{call.name} depends on more than the request"),)


def _first(args: tuple[str, ...]) -> str:
    return args[0].strip() if args else ""


def _header(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    """The values of a header, those between commas as well."""
    values = state.header(_first(args))
    if isinstance(values, Unknown):
        return (values,)
    split = [part.strip() for value in values for part in _parts(value)]
    return _occurrence(split, args)


def _parts(value: str) -> Sequence[str]:
    """The parts between commas that do not stand in double quotes."""
    if '"' not in value:
        return value.split(",")
    parts, quoted = [""], False
    for sign in value:
        quoted ^= sign == '"'
        if sign == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _full_header(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    values = state.header(_first(args))
    return (values,) if isinstance(values, Unknown) else _occurrence([value.strip() for value in values], args)


def _occurrence(values: Sequence[str], args: tuple[str, ...]) -> Sequence[str]:
    """All values, or the one that the second argument asks for, counted from 1, or from -1 at the end."""
    number = number_of(args[1].strip()) if len(args) > 1 else None
    if not number:
        return values
    index = number - 1 if number > 0 else number
    return values[index : index + 1 or None]


def _header_count(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    found = _header(state, args[:1])
    return found if found and isinstance(found[0], Unknown) else (len(found),)


def _full_header_count(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    values = state.header(_first(args))
    return (values if isinstance(values, Unknown) else len(values),)


def _header_address(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    return [_as(address_of, sample) for sample in _header(state, args)]


def _header_number(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    return [_as(number_of, sample) for sample in _header(state, args)]


def _as(convert: Callable[[str], Sample], sample: Sample) -> Sample:
    return convert(str(sample)) if isinstance(sample, str) else sample


def _one(get: Callable[[State], Sample]) -> Fetch:
    """A fetch without arguments that finds one sample, or none."""

    def found(state: State, args: tuple[str, ...]) -> Sequence[Sample]:  # noqa: ARG001 - there are none
        sample = get(state)
        return () if sample is None else (sample,)

    return found


def _query(state: State) -> Sample:
    return state.query if isinstance(state.target, Unknown) or "?" in state.target else None


def _base(state: State) -> Sample:
    hosts, path = state.header("host"), state.path
    if isinstance(hosts, Unknown) or isinstance(path, Unknown):
        return hosts if isinstance(hosts, Unknown) else path
    return (hosts[0] if hosts else "") + path


def _parameter(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    query = state.query
    if isinstance(query, Unknown):
        return (query,)
    sign = args[1] if len(args) > 1 and args[1] else "&"
    pairs = (pair.partition("=") for pair in query.replace(sign, "&").split("&"))
    return [value for name, equals, value in pairs if equals and name == _first(args)]


def _cookie(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    values = state.header("cookie")
    if isinstance(values, Unknown):
        return (values,)
    pairs = (pair.strip().partition("=") for value in values for pair in value.split(";"))
    return [value.strip('"') for name, _, value in pairs if not args or name == _first(args)]


def _credentials(state: State) -> tuple[str, bool] | Unknown | None:
    """Who asks, and whether the password is taken to be right; None for nobody."""
    if state.request.user is not None:
        return state.request.user, True
    values = state.header("authorization")
    if isinstance(values, Unknown):
        return values
    scheme, _, rest = values[0].partition(" ") if values else ("", "", "")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, _ = base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return None
    return name, False


def _auth(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    users = state.table.userlists.get(_first(args))
    who = _credentials(state)
    if who is None or isinstance(who, Unknown):
        return (False if who is None else who,)
    if users is None:
        return (Unknown(f"there is no userlist {_first(args)}"),)
    if who[0] not in users:
        return (False,)
    return (True if who[1] else Unknown(f"whether the password of {who[0]} is right"),)


def _auth_group(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    samples = _auth(state, args)
    if samples[0] is not True:
        return () if samples[0] is False else samples
    who = _credentials(state)
    assert isinstance(who, tuple)  # it is somebody's  # noqa: S101
    return sorted(state.table.userlists[_first(args)][who[0]])


def _variable(state: State, args: tuple[str, ...]) -> Sequence[Sample]:
    name = _first(args)
    if name in state.variables:
        sample = state.variables[name]
    elif name.startswith(("proc.", "sess.")):
        sample = Unknown(f"{name} is set elsewhere")
    else:
        sample = args[1] if len(args) > 1 else None
    return () if sample is None else (sample,)


def _client(state: State) -> Sample:
    return state.client if state.client is not None else Unknown("the client's address is not given (--from)")


def _sni(state: State) -> Sample:
    return (state.request.sni or None) if state.terminated else None


def _inner_sni(state: State) -> Sample:
    return (state.request.sni or None) if state.request.tls and not state.terminated else None


def _hello(state: State) -> Sample:
    return 1 if state.request.tls and not state.terminated else None


FIRST_COUNTS = frozenset({"url_param", "urlp"})
"""Of these the first sample is taken where one is asked for, of everything else the last."""

HTTP: Mapping[str, Fetch] = {
    **dict.fromkeys(("hdr", "req.hdr"), _header),
    **dict.fromkeys(("fhdr", "req.fhdr"), _full_header),
    **dict.fromkeys(("hdr_cnt", "req.hdr_cnt"), _header_count),
    "req.fhdr_cnt": _full_header_count,
    **dict.fromkeys(("hdr_ip", "req.hdr_ip"), _header_address),
    **dict.fromkeys(("hdr_val", "req.hdr_val"), _header_number),
    **dict.fromkeys(("cook", "cookie", "req.cook"), _cookie),
    **dict.fromkeys(("url_param", "urlp"), _parameter),
    "path": _one(lambda state: state.path),
    "pathq": _one(lambda state: state.target),
    "url": _one(lambda state: state.target),
    "query": _one(_query),
    "base": _one(_base),
    "method": _one(lambda state: state.method),
    "http_auth": _auth,
    "http_auth_group": _auth_group,
}
"""What is found in requests of HTTP only."""

OTHERS: Mapping[str, Fetch] = {
    "src": _one(_client),
    "dst": _one(lambda state: state.request.to or Unknown("the address of the load balancer is not given")),
    "dst_port": _one(lambda state: state.request.port),
    "ssl_fc": _one(lambda state: state.terminated),
    "ssl_fc_sni": _one(_sni),
    "ssl_fc_has_sni": _one(lambda state: state.terminated and bool(state.request.sni)),
    **dict.fromkeys(("req.ssl_sni", "req_ssl_sni"), _one(_inner_sni)),
    **dict.fromkeys(("req.ssl_hello_type", "req_ssl_hello_type"), _one(_hello)),
    "var": _variable,
    "always_true": _one(lambda state: True),  # noqa: ARG005 - whatever the state is
    "always_false": _one(lambda state: False),  # noqa: ARG005 - whatever the state is
    "str": lambda state, args: (",".join(args),),  # noqa: ARG005 - whatever the state is
    "int": lambda state, args: (number_of(_first(args)),),  # noqa: ARG005 - whatever the state is
    "bool": lambda state, args: (_first(args).lower() in {"1", "true", "yes", "on"},),  # noqa: ARG005
    "fe_name": lambda state, args: (state.proxy.name,),  # noqa: ARG005 - it has none
}
"""What is found on any connection."""
