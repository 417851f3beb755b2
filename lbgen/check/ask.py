"""Ask the real HAProxy what it thinks of a configuration."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from lbgen.check.binary import binary_place, find_binary
from lbgen.check.container import container_place, default_image, engine_answers
from lbgen.check.place import MOST_SECONDS, encoded
from lbgen.check.provision import provide
from lbgen.check.variables import unset_variables, variable_names
from lbgen.check.verdict import LocatedMessage, Verdict
from lbgen.errors import ToolError
from lbgen.haproxy.locate import Locator
from lbgen.haproxy.messages import Level, Message, parse_messages
from lbgen.haproxy.parse import parse
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from lbgen.check.place import Place, Run
    from lbgen.check.provision import Provision
    from lbgen.haproxy.parse import Config

How = Literal["auto", "binary", "container"]

_STATUSES = range(3)
_MOST_RUNS = 20
_GIVES_UP = regex(r"\s*http-(?:request|response|after-response)\s")
_NOWHERE = "the configuration has no error, but it listens nowhere: HAProxy does not start with it"
_OWN = regex(
    r"could not resolve address '[^']*', disabling server|Can't open (?:global )?server state file"
    r"|Removing incomplete section 'peers"
)


def check(
    text: str,
    *,
    name: str = "haproxy.cfg",
    how: How = "auto",
    haproxy_bin: str | None = None,
    image: str | None = None,
    target: str = "3.2",
    extra_files: Mapping[str, bytes | str] | None = None,
    diagnostics: bool = False,
    seconds: float = MOST_SECONDS,
    pull: bool = True,
    environ: Mapping[str, str] = os.environ,
) -> Verdict:
    """What HAProxy says about the configuration, from `haproxy -c`.

    `how` says whether a binary of this machine is asked or one in a container; `auto` takes a binary if there is one,
    unless an image is named. `haproxy_bin` is a path or a name on PATH, `image` an image that has haproxy on its path,
    by default the official one of the HAProxy version `target`. `extra_files` are files that the text refers to, by
    path, with their content. `diagnostics` also asks for what HAProxy finds dubious. `name` is what messages call the
    configuration. Each run of HAProxy is ended after `seconds`; without `pull`, an image has to be here already.
    `environ` is what HAProxy finds in its environment.

    What the text needs and the place of the check lacks is made up, and listed in the verdict. Names of servers are
    not required to resolve. Raises ToolError where no HAProxy can be run.
    """
    config = parse(text, name)
    made_up = unset_variables(config, environ)
    environment = {**environ, **made_up}
    extra = {path: encoded(data) if isinstance(data, str) else data for path, data in (extra_files or {}).items()}
    opened: AbstractContextManager[Place]
    if _in_container(how, haproxy_bin, image):
        used = {key: environment[key] for key in variable_names(config) - {"PATH"} if key in environment}
        named = image or default_image(target)
        opened = container_place(named, used, diagnostics=diagnostics, seconds=seconds, pull=pull)
    else:
        opened = binary_place(haproxy_bin, environment, diagnostics=diagnostics, seconds=seconds)
    with opened as place:
        provision = provide(config, place, extra, environment)
        status, messages = _ask(place, provision, config)
    supplied = (*(f"{key}={value}" for key, value in made_up.items()), *provision.supplied)
    return _verdict(status, messages, config, place, supplied)


def _in_container(how: How, haproxy_bin: str | None, image: str | None) -> bool:
    """Whether a container is to be used; raises ToolError where nothing is there to choose."""
    if how != "auto":
        return how == "container"
    if haproxy_bin is not None or (image is None and find_binary() is not None):
        return False
    if image is None and not engine_answers():
        raise ToolError(
            "there is neither a haproxy binary nor a container engine on this machine",
            help="install HAProxy (the package is called haproxy almost everywhere), or start Docker",
        )
    return True


def _ask(place: Place, provision: Provision, config: Config) -> tuple[int, list[Message]]:
    """HAProxy's exit status, and all it has to say.

    It gives up at the first rule for requests or responses that it refuses. Such a line is left out, which harms no
    other, and HAProxy is asked again, for what stands behind it; the status is that of the first answer.
    """
    lines = provision.text.split("\n")
    statuses, said = list[int](), dict[Message, None]()
    while len(statuses) < _MOST_RUNS:
        run = place.run("\n".join(lines), provision.files, provision.directories)
        messages = parse_messages(run.output, place.config_path)
        _need_answer(run, messages, place)
        statuses.append(run.status)
        said |= dict.fromkeys(messages)
        line = _gave_up_at(messages, config)
        if run.status != 1 or line is None or not lines[line - 1]:
            break
        lines[line - 1] = ""
    return statuses[0], list(said)


def _need_answer(run: Run, messages: list[Message], place: Place) -> None:
    """Raises ToolError where HAProxy did not come to a verdict."""
    failed = run.status >= 0 and run.status not in _STATUSES
    if failed or (run.status == 1 and not messages):
        last = (run.output.strip().splitlines() or ["it printed nothing"])[-1]
        raise ToolError(f"{place.tool} ended with status {run.status}: {place.shown(last)}")


def _gave_up_at(messages: list[Message], config: Config) -> int | None:
    """The line of the last refusal, if it is one at which HAProxy gives up."""
    refused = [message.line for message in messages if message.severity is Level.ALERT and message.line is not None]
    return refused[-1] if refused and _GIVES_UP.match(config.text_at(refused[-1])) else None


def _verdict(status: int, messages: list[Message], config: Config, place: Place, supplied: tuple[str, ...]) -> Verdict:
    paths = tuple(text.rpartition(" for ")[2] for text in supplied)
    locator = Locator.of(config)
    shown = dict.fromkeys(_shown(message, place, config.name) for message in [*messages, *_status_message(status)])
    located = (LocatedMessage(message, locator.line(message), _is_own(message, paths)) for message in shown)
    return Verdict(status in {0, 2}, tuple(located), place.tool, supplied, status)


def _shown(message: Message, place: Place, name: str) -> Message:
    """The message with the user's paths in place of those of the check."""
    text, raw = (place.shown(text.replace(place.config_path, name)) for text in (message.text, message.raw))
    return replace(message, text=text, raw=raw)


def _status_message(status: int) -> list[Message]:
    """What the exit status says beyond the messages."""
    if status == 2:
        return [Message(Level.WARNING, None, None, None, _NOWHERE, "")]
    if status < 0:
        name = str(-status)
        with suppress(ValueError):
            name = signal.Signals(-status).name
        return [Message(Level.ALERT, None, None, None, f"HAProxy crashed ({name}) while it read the configuration", "")]
    return []


def _is_own(message: Message, made_up: tuple[str, ...]) -> bool:
    """Whether the way of checking caused the message; a refusal is never put down to that."""
    if message.severity is Level.ALERT:
        return False
    return bool(_OWN.search(message.text)) or any(path in message.text for path in made_up if path.startswith("/"))
