"""How a live load balancer is, for somebody who was woken up for it: what is wrong first, and what still works."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lbgen.live.status import span
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 20


def as_text(document: dict[str, Any]) -> str:
    """All that matters, in lines."""
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(it: dict[str, Any]) -> Iterator[str]:
    yield _headline(it)
    for sentence in it["wrong"]:
        yield f"  ! {visible(sentence)}"
    if it["wrong"] and it["serving"]:
        yield "  What was served before is served on."
    yield from _left_out(it["left_out"])
    yield ""
    yield from (f"{name:9} {text}" for name, text in _facts(it))


def _headline(it: dict[str, Any]) -> str:
    if not it["serving"]:
        return "NOT SERVING"
    well = "OK" if it["healthy"] else "DEGRADED"
    apps, servers, backends = (_several(it[what], what) for what in ("served", "servers", "backends"))
    return f"{well}: {apps}, {servers} in {backends}"


def _several(number: int, what: str) -> str:
    one, more = {"served": ("app served", "apps served")}.get(what, (what.removesuffix("s"), what))
    return f"{number:,} {one if number == 1 else more}"


def _left_out(apps: list[dict[str, Any]]) -> Iterator[str]:
    for kept, waiting, title in (
        (False, False, "not served"),
        (True, False, "served in their last good form"),
        (False, True, "to be tried with the next updates"),
    ):
        found = [each for each in apps if bool(each["waiting"]) is waiting and (waiting or bool(each["kept"]) is kept)]
        if found:
            yield ""
            yield f"{title}:"
            yield from map(_app, found[:_MOST])
        if len(found) > _MOST:
            yield f"  and {len(found) - _MOST:,} more; --json has all of them"
    if any(each["code"] for each in apps):
        yield "  `lbgen rule CODE` explains each code"


def _app(each: dict[str, Any]) -> str:
    known = each["label"] and not each["reason"].startswith(each["label"])
    label = f"{each['label']}: " if known else ""
    code = f" [{each['code']}]" if each["code"] else ""
    since = f" (since {_since(each['since'])})" if each["since"] else ""
    return f"  {visible(each['app'])}  {visible(label + each['reason'])}{code}{since}"


def _since(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return visible(text)
    ago = (datetime.now(UTC) - at).total_seconds()
    return f"{at.astimezone():%Y-%m-%d %H:%M}, {span(max(ago, 0))}"


def _facts(it: dict[str, Any]) -> Iterator[tuple[str, str]]:
    data, haproxy, config = it["data"], it["haproxy"], it["config"]
    from_ = f", from {visible(data['endpoint'])}" if data["endpoint"] else ""
    yield "data", f"{_ago(data['age_seconds'], 'told')}{from_}"
    changed = f"; it last changed something {_ago(it['last_change_seconds'])}" if it["last_change_seconds"] else ""
    yield "update", f"last went well {_ago(it['last_success_seconds'])}{changed}"
    failed = f", {it['reloads']['failed']:,} refused" if it["reloads"]["failed"] else ""
    runtime = it["runtime"]
    yield "reloads", f"{it['reloads']['done']:,}{failed}; {runtime['updates']:,} changes without one"
    pids = [str(each["pid"]) for each in haproxy["processes"]]
    old = f", {len(pids) - 1} old" if len(pids) > 1 else ""
    process = f"worker {pids[0]}{old}" if pids else "workers unknown"
    restarts = f"; restarted {haproxy['restarts']:,} times" if haproxy["restarts"] else ""
    yield "HAProxy", f"{visible(haproxy['version'] or 'version unknown')}; {process}{restarts}"
    yield "config", f"{visible(config['path'])}, sha256 {(config['sha256'] or 'unknown')[:12]}"
    slow = (f"{name} {stage['mean_seconds'] * 1000:.0f} ms" for name, stage in it["stages"].items())
    yield "takes", ", ".join(slow) or "nothing yet"
    yield "running", f"for {span(it['running_seconds'] or 0)}, lbgen {it['lbgen']}"


def _ago(seconds: float | None, verb: str = "") -> str:
    if seconds is None:
        return "never"
    return f"{verb} {span(seconds)} ago".strip()
