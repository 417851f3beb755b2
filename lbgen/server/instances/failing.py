"""What fails at the container engine, in a sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Raises ToolError in place of what the engine's client raises."""
    import docker
    from requests.exceptions import RequestException

    try:
        yield
    except (docker.errors.DockerException, RequestException) as error:
        raise ToolError(f"{what}: {getattr(error, 'explanation', None) or error}") from None
