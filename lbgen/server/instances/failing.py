"""What fails at the container engine, in a sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Raises ToolError in place of what the engine's client raises, but for what is not there."""
    import docker
    from requests.exceptions import RequestException

    try:
        yield
    except docker.errors.NotFound as error:
        if isinstance(error, docker.errors.ImageNotFound):
            raise ToolError(f"{what}: {error.explanation or error}") from None
        raise
    except (docker.errors.DockerException, RequestException) as error:
        raise ToolError(f"{what}: {getattr(error, 'explanation', None) or error}") from None
