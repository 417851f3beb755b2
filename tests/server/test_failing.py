"""What fails at the container engine."""

from __future__ import annotations

import docker
import pytest
import requests

from lbgen.errors import ToolError
from lbgen.server.instances.failing import failing


@pytest.mark.parametrize(
    "error",
    [
        docker.errors.APIError("no", explanation="no room"),
        docker.errors.DockerException("no room"),
        docker.errors.ImageNotFound("no", explanation="no room"),
        docker.errors.NotFound("no", explanation="no room"),
        requests.ConnectionError("no room"),
    ],
)
def test_it_is_told_in_a_sentence(error: Exception) -> None:
    with pytest.raises(ToolError, match=r"^it cannot be: no room$"), failing("it cannot be"):
        raise error
