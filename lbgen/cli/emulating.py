"""One run of `lbgen emulate`: what it starts, what it tells, and how it ends."""

from __future__ import annotations

import os
import queue
import sys
import time
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from lbgen.cli.emulate_starting import advice, be_deaf, engine_for, stopping, templates
from lbgen.cli.streams import put, say
from lbgen.cli.telling import tell
from lbgen.emulate import showing
from lbgen.emulate.asking import ask
from lbgen.emulate.binary import Directory, remove_left_directories
from lbgen.emulate.changes import changes, foretold
from lbgen.emulate.doors import EVERYWHERE, LOOPBACK, Doors
from lbgen.emulate.emulation import Emulation
from lbgen.emulate.reading import read
from lbgen.emulate.requests import seen
from lbgen.emulate.showing import Paper
from lbgen.emulate.telling import told, told_failure
from lbgen.emulate.watching import Watch
from lbgen.errors import LbgenError, ToolError
from lbgen.finding import Severity
from lbgen.report import wants_color
from lbgen.report.visible import visible

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from lbgen.emulate.asking import Answered
    from lbgen.emulate.emulation import Served
    from lbgen.emulate.reading import Read, Wanted
    from lbgen.emulate.trying import Try

_SHOWN = frozenset({"no-server"})
_WAIT, _LOOK, _CHECK = 0.2, 0.4, 3.0


def run(wanted: Wanted, given: dict[str, Any]) -> int:
    """Serves until it is told to end; returns the exit status."""
    with stopping() as stop:
        return _Run(wanted, given, stop).run()


class _Run:
    def __init__(self, wanted: Wanted, given: dict[str, Any], stop: threading.Event) -> None:
        self._wanted = wanted
        self._given = given
        self._stop = stop
        self._lines: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._watch = Watch(wanted.paths, [*wanted.tasks, *templates(wanted)])
        self._deadline = time.monotonic() + given["seconds"] if given["seconds"] else None
        self._findings: set[Any] = set()
        # Of what it tried itself the answers are told.
        self._tells_requests = given["verbose"] or not (given["quiet"] or given["once"])

    def run(self) -> int:
        self._found = read(self._wanted)
        if self._stop.is_set():
            # A signal to all of a terminal's programs ends the HAProxy that was asked, too.
            return 0
        self._tell(self._found)
        if not self._found.balancers:
            say(f"lbgen: there is nothing to serve{advice(self._found, self._wanted)}")
            return 2
        remove_left_directories()
        with ExitStack() as stack:
            directory = Directory()
            stack.callback(directory.close)
            engine = engine_for(self._wanted, directory)
            doors = Doors(published=self._given["publish"])
            self._emulation = stack.enter_context(Emulation(engine, doors, lambda *line: self._lines.put(line)))
            # The first to be called at the end.
            stack.callback(be_deaf)
            self._authority = directory.path / "ca.pem"
            self._authority.write_bytes(self._emulation.authority.pem)
            for balancer in self._found.balancers:
                if not self._stop.is_set():
                    self._emulation.serve(balancer)
            return self._serve()

    def _serve(self) -> int:
        answers = self._answers() if self._given["once"] else None
        put("\n".join(self._banner(answers)) + "\n")
        if answers is None:
            self._wait()
        else:
            self._drain()
        foretold = all(each.foretold for each in (answers or {}).values())
        return int(bool(self._found.left_out) or not foretold)

    def _paper(self, stream: Any) -> Paper:
        flag = {"auto": None, "always": True, "never": False}[self._given["color"]]
        return Paper(wants_color(stream, os.environ, flag), self._given["verbose"], self._found.documents)

    def _banner(self, answers: dict[Try, Answered] | None) -> Iterator[str]:
        paper = self._paper(sys.stdout)
        served = list(self._emulation.served.values())
        tasks = sum(len(each.behind) for each in served)
        stand_ins = f"{tasks:,} stand-in{'s'[: tasks != 1]} for servers"
        moved = any(wall.port != port for each in served for wall, port in each.ports.items())
        tool = self._found.tool or self._emulation.engine.tool
        yield f"{tool} runs, with {stand_ins}{':' if moved or len(served) > 1 else ''}"
        for each in served:
            yield from self._about(each, paper, answers, named=len(served) > 1)
        if answers is None:
            end = "" if self._deadline is None else f" It ends after {self._given['seconds']:g} s."
            yield ""
            yield f"Edit the files: what is saved is served. Ctrl-C ends it.{end}"

    def _about(self, each: Served, paper: Paper, answers: dict[Try, Answered] | None, *, named: bool) -> Iterator[str]:
        if named:
            yield ""
            yield paper.bold(f"== {visible(each.balancer.name)} ==")
        host = EVERYWHERE if self._given["publish"] else LOOPBACK
        yield from showing.doors(each.ports, host)
        behind, authority = each.behind.values(), str(self._authority)
        yield from showing.what_to_try(each.tries, behind, authority, paper, answers=answers)

    def _answers(self) -> dict[Try, Answered]:
        """What answers everything that there is to try."""
        pem = self._emulation.authority.pem
        return {one: ask(one, pem) for each in self._emulation.served.values() for one in each.tries}

    def _drain(self) -> None:
        """Tells what the log has, which may come a moment later."""
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            self._one_line()

    def _wait(self) -> None:
        look = check = time.monotonic()
        while not self._stop.is_set() and not self._is_over():
            self._one_line()
            if time.monotonic() - look > _LOOK:
                look = time.monotonic()
                if self._watch.changed():
                    self._edited()
            if time.monotonic() - check > _CHECK:
                check = time.monotonic()
                self._need_alive()

    def _is_over(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline

    def _one_line(self) -> None:
        try:
            name, line = self._lines.get(timeout=_WAIT)
        except queue.Empty:
            return
        if not self._tells_requests:
            return
        it = seen(line)
        served = self._emulation.served.get(name) if it is None else self._emulation.then(name, it.generation)
        if served is None:
            return
        paper = self._paper(sys.stderr)
        if it is None:
            lines = told_failure(line, served.balancer, paper)
        else:
            lines = told(it, served.balancer, served.behind, served.walls, paper)
        for text in lines:
            say(text)

    def _need_alive(self) -> None:
        for name in self._emulation.ended():
            said = self._emulation.served[name].running.said()
            raise ToolError(f"HAProxy of {name} ended: {said[-500:] or 'it said nothing'}")

    def _edited(self) -> None:
        """Serves what the files hold now, unless something is wrong with it that was not before."""
        try:
            found = read(self._wanted)
            if self._stop.is_set():
                return
            self._tell(found)
            worse = Counter(found.left_out) - Counter(self._found.left_out)
            if worse or not found.balancers:
                named = ", ".join(map(visible, worse)) or "nothing is left to serve"
                say(f"lbgen: this edit is not served ({named}): what was served before is served on")
                return
            self._change_to(found)
        except LbgenError as error:
            say(visible(f"lbgen: this edit is not served: {error}").replace("\\n", "\n"))

    def _change_to(self, found: Read) -> None:
        before = {name: _foretold(each, self._authority) for name, each in self._emulation.served.items()}
        changed = [balancer.name for balancer in found.balancers if self._emulation.serve(balancer)]
        names = {balancer.name for balancer in found.balancers}
        gone = [name for name in list(self._emulation.served) if name not in names]
        for name in gone:
            self._emulation.stop(name)
        self._found = found
        if not changed and not gone:
            say("lbgen: this edit changes nothing that is served")
            return
        say(f"lbgen: the edit is served{''.join(f'; {visible(name)} is gone' for name in gone)}")
        for name in changed:
            after = _foretold(self._emulation.served[name], self._authority)
            for line in changes(before.get(name, {}), after, verbose=self._given["verbose"]):
                say(visible(line))

    def _tell(self, found: Read) -> None:
        """Tells findings that have not been told before."""
        new = [finding for finding in found.findings if finding not in self._findings]
        self._findings = set(found.findings)
        least = Severity.INFO if self._given["verbose"] else Severity.WARNING
        # That there is nothing to try of an app is what its author looks for here.
        shown = [each for each in new if each.severity >= least or (each.rule in _SHOWN and not self._given["quiet"])]
        tell(shown, found.documents, self._given)


def _foretold(served: Served, authority: Any) -> dict[str, str]:
    return foretold(served.tries, served.behind.values(), str(authority))
