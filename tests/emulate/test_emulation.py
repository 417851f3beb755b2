"""Emulated load balancers as an engine runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from lbgen.emulate.doors import Doors
from lbgen.emulate.emulation import Emulation
from lbgen.emulate.requests import seen
from lbgen.testing.ready import HaproxyDidNotStart
from tests.emulate.reading import balancer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lbgen.emulate.doors import Wall
    from lbgen.emulate.engine import Engine, Layout

_TEXT = "frontend a\n bind *:80\n mode http\n use_backend b\nbackend b\n mode http\n server s 192.0.2.1:1\n"


class Pretended:
    """An engine that notes what it would run, and itself what is run."""

    tool = "nothing"
    shares_ports = True

    def __init__(self) -> None:
        self.layouts: list[Layout] = []
        self.refuses = False

    def root(self, number: int) -> str:
        return f"/{number}"

    def bound(self, wall: Wall, port: int, taken: Iterable[int], host: str) -> tuple[str, int]:  # noqa: ARG002
        return f"{host}:{port}", port

    def behind(self, doors: Doors, wanted: int, taken: Iterable[int]) -> list[int]:  # noqa: ARG002
        return [20000 + len([*taken]) + number for number in range(wanted)]

    def start(self, number: int, layout: Layout, host: str, log: Callable[[str], None]) -> Pretended:  # noqa: ARG002
        self.reload(layout)
        return self

    def reload(self, layout: Layout) -> bool:
        if self.refuses:
            raise HaproxyDidNotStart("no")
        self.layouts.append(layout)
        return True

    def is_alive(self) -> bool:
        return True

    def said(self) -> str:
        return ""

    def stop(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


@pytest.fixture
def engine() -> Pretended:
    return Pretended()


@pytest.fixture
def emulation(engine: Pretended) -> Iterator[Emulation]:
    with Emulation(cast("Engine", engine), Doors(), lambda *_: None) as made:
        yield made


def generation_told(layout: Layout) -> int:
    """The number that the log of this configuration tells."""
    line = next(line for line in layout.files["haproxy.cfg"].decode().split("\n") if "log-format" in line)
    return int(line.partition("lbgen-emulate|")[2].partition("|")[0])


def test_a_request_is_told_by_the_configuration_that_served_it(emulation: Emulation, engine: Pretended) -> None:
    before, after = balancer(_TEXT), balancer(_TEXT.replace("use_backend b", "default_backend b"))
    assert emulation.serve(before)
    assert emulation.serve(after)
    numbers = [generation_told(layout) for layout in engine.layouts]
    found = [emulation.then("test", number) for number in numbers]
    assert [each.balancer for each in found if each is not None] == [before, after]
    it = seen(f"lbgen-emulate|{numbers[0]}|http|80|a|b|s|200|1|127.0.0.1|GET||-|\n")
    assert it is not None
    assert it.generation == numbers[0]


def test_what_is_equal_is_not_served_again_but_known_anew(emulation: Emulation, engine: Pretended) -> None:
    emulation.serve(balancer(_TEXT))
    same = balancer(_TEXT)
    assert not emulation.serve(same)
    (layout,) = engine.layouts
    served = emulation.then("test", generation_told(layout))
    assert served is not None
    assert served.balancer is same


def test_what_is_refused_is_not_what_is_served(emulation: Emulation, engine: Pretended) -> None:
    before = balancer(_TEXT)
    emulation.serve(before)
    engine.refuses = True
    with pytest.raises(HaproxyDidNotStart):
        emulation.serve(balancer(_TEXT.replace("use_backend b", "default_backend b")))
    assert emulation.served["test"].balancer is before


def test_what_runs_is_known_after_however_many_edits_of_another(emulation: Emulation, engine: Pretended) -> None:
    emulation.serve(balancer(_TEXT))
    for number in range(300):
        other = balancer(f"{_TEXT}#{number}\n")
        object.__setattr__(other, "name", "other")
        emulation.serve(other)
    assert emulation.then("test", generation_told(engine.layouts[0])) is not None
    assert emulation.then("other", generation_told(engine.layouts[1])) is None
