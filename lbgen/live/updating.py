"""From all apps to a text that HAProxy accepts: who is asked, and what is remembered of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lbgen.live.attempt import Attempt
from lbgen.live.pieces import NOBODY
from lbgen.live.rules.foreseeing import Foreseen, foresee, suspects
from lbgen.pipeline.generate import from_apps

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from lbgen.haproxy.keywords import Version
    from lbgen.live.asking import Answer
    from lbgen.live.attempt import Update
    from lbgen.live.choosing import Choice
    from lbgen.live.memory import Memory
    from lbgen.live.reading import Fleet
    from lbgen.model.service import Service
    from lbgen.pipeline.generate import Generated
    from lbgen.pipeline.options import Options
    from lbgen.render.writer import Rendered

    Resolve = Callable[[str], str | None]
    Guard = Callable[[Generated], str]


class Asking(Protocol):
    """Whoever says whether a text is accepted."""

    def ask(self, rendered: Rendered, services: Sequence[Service] = (), last: Mapping[str, int] = NOBODY) -> Answer:
        """The verdict on a configuration of these services; those in `last` are read last, by rank."""


class Updating:
    """Makes updates, and remembers what it learned by them.

    `unbindable` says of a text which of its frontends nobody can listen for, and is empty where all can be. `version`
    is HAProxy's, None where that is not known.
    """

    def __init__(
        self,
        options: Options,
        asking: Asking | None,
        memory: Memory,
        on_error: str,
        resolve: Resolve | None = None,
        *,
        unbindable: Callable[[str], str] = lambda _: "",
        version: Version | None = None,
    ) -> None:
        self.memory = memory
        self.unbindable = unbindable
        self.accepted_text = ""
        self._options = options
        self._asking = asking
        self._on_error = on_error
        self._resolve = resolve
        self._version = version

    def update(self, fleet: Fleet, guard: Guard = lambda _: "") -> Update:
        """What to serve for these apps; `guard` may hold it back by a sentence.

        Raises ToolError where HAProxy cannot be asked, InputError where a template of the operator's is not usable.
        """
        self.memory.keep_only(fleet.keys())
        return Attempt(self, fleet, guard).update()

    def generate(self, choice: Choice) -> Generated:
        """The text of the chosen apps."""
        return from_apps(choice.inputs(), self._options, resolve=self._resolve, may_be_empty=True)

    def is_accepted(self, generated: Generated) -> bool:
        """Whether the text needs no asking: it was accepted before, or nobody is to be asked."""
        assert generated.rendered is not None  # noqa: S101 - there is a text even for nobody
        return self._asking is None or generated.rendered.text == self.accepted_text

    def foresee(self, generated: Generated, documents: Collection[str]) -> Foreseen:
        """Where HAProxy may give up in this text for the sake of these apps."""
        assert generated.rendered is not None  # noqa: S101 - as above
        if self._asking is None:
            return Foreseen()
        suspected = suspects(generated.services, documents)
        return foresee(generated.rendered, suspected, self._version, self.memory.lines)

    def ask(self, generated: Generated, last: Mapping[str, int] = NOBODY, softened: Foreseen | None = None) -> Answer:
        """HAProxy's answer about the text, or about what it does not give up at."""
        assert generated.rendered is not None  # noqa: S101 - as above
        assert self._asking is not None  # noqa: S101 - somebody is to be asked
        if softened is None:
            return self._asking.ask(generated.rendered, generated.services, last)
        return softened.told(self._asking.ask(softened.softened(generated.rendered), generated.services, last))

    @property
    def on_error(self) -> str:
        """What becomes of apps that are refused."""
        return self._on_error
