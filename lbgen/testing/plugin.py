"""The pytest plugin: the fixture `start_haproxy`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from lbgen.testing.engine import Kind
    from lbgen.testing.haproxy import Haproxy


class StartHaproxy(Protocol):
    """What the fixture gives: `start_haproxy(config, ...)`, and `start_haproxy.from_apps(apps, ...)`."""

    def __call__(self, config: str, **options: Any) -> Haproxy:
        """A running HAProxy; arguments and errors are those of lbgen.testing.run_haproxy."""
        ...

    def from_apps(self, apps: Any, **options: Any) -> Haproxy:
        """A running HAProxy; arguments and errors are those of lbgen.testing.run_from_apps."""
        ...


class _Starter:
    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, config: str, **options: Any) -> Haproxy:
        from lbgen.testing import run_haproxy

        return self._enter(partial(run_haproxy, config), options)

    def from_apps(self, apps: Any, **options: Any) -> Haproxy:
        from lbgen.testing import run_from_apps

        return self._enter(partial(run_from_apps, apps), options)

    def _enter(self, run: Callable[..., AbstractContextManager[Haproxy]], options: dict[str, Any]) -> Haproxy:
        need_engine(options)
        return self._stack.enter_context(run(**options))


@pytest.fixture
def start_haproxy() -> Iterator[StartHaproxy]:
    """Starts HAProxy as often as it is called; all are stopped when the test ends."""
    with ExitStack() as stack:
        yield _Starter(stack)


def need_engine(options: dict[str, Any] | None = None) -> None:
    """Ends the test where no HAProxy can be started: it is skipped, in CI it fails."""
    from lbgen.testing import missing

    chosen = options or {}
    kind: Kind = chosen.get("engine") or ("container" if chosen.get("image") else "auto")
    problem = missing(kind, chosen.get("binary"))
    if problem:
        give_up(f"needs a real HAProxy: {problem}")


def in_ci() -> bool:
    """Whether CI is set to anything that means yes."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def give_up(why: str) -> NoReturn:
    """Skips the test that runs; fails it where CI is set, since CI must not pass on what it did not run."""
    if not in_ci():
        pytest.skip(why)
    pytest.fail(f"{why} (CI is set, so nothing is skipped)", pytrace=False)
