"""The marathon package's client, made fit for a service that has to go on: the only place that knows of the package.

What is taken from it: which requests there are, how their URLs and headers look, and what a status means. What is not:

- its fail-over, which stops at the first 5xx and does not notice an answer that is not Marathon's;
- its models, which refuse fields and event types that are newer than they are, and ids in upper case; lbgen reads the
  text itself;
- its event stream, which waits without an end, keeps back up to half a kilobyte of a stream that does not come in
  chunks, ends at the first event that it does not understand, and raises AttributeError where nobody answers;
- its log, which would hold bodies and with them secrets of apps.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from marathon import MarathonClient
from marathon.exceptions import MarathonHttpError, NotFoundError

from lbgen.live.marathon.answers import Read, read_app, read_apps
from lbgen.live.marathon.unusable import Unusable
from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.live.marathon.endpoint import Endpoint
    from lbgen.live.marathon.exchange import Answer, Exchange

logging.getLogger("marathon").disabled = True

_PLAIN_ID = regex(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
# Behind an app's id these are Marathon's own words.
_WORDS = {"tasks", "versions", "restart"}


class Client(MarathonClient):  # type: ignore[misc]
    """One endpoint."""

    def __init__(self, endpoint: Endpoint, exchange: Exchange) -> None:
        super().__init__(endpoint.url, session=exchange, sse_session=exchange)

    def apps(self) -> Read:
        """All apps with their tasks; raises Unusable."""
        return read_apps(self._ask("/v2/apps", {"embed": "apps.tasks"}))

    def app(self, app_id: str) -> Read | None:
        """One app with its tasks, None where there is none of this id; raises Unusable."""
        if not _PLAIN_ID.fullmatch(app_id) or _WORDS & set(app_id.split("/")):
            return self._chosen(app_id)
        try:
            answer = self._ask(f"/v2/apps{quote(app_id)}", {"embed": "app.tasks"})
        except NotFoundError as error:
            if "does not exist" in str(error.error_message):
                return None
            raise Unusable("answers 404, and not as Marathon does") from None
        return read_app(answer, app_id)

    def _chosen(self, app_id: str) -> Read | None:
        """One app whose id is not safe in a path: it is looked for in a list of those that hold this text."""
        apps = read_apps(self._ask("/v2/apps", {"embed": "apps.tasks", "id": app_id})).value["apps"]
        found = ({"app": app} for app in apps if isinstance(app, dict) and app.get("id") == app_id)
        value = next(found, None)
        return None if value is None else Read(json.dumps(value), value)

    def _ask(self, path: str, params: dict[str, Any]) -> Answer:
        try:
            answer: Answer = self._do_request("GET", path, params=params)
        except NotFoundError:
            if path == "/v2/apps":
                raise Unusable("answers 404: this is no Marathon, or its path is another") from None
            raise
        except MarathonHttpError as error:
            raise Unusable(f"answers {error.status_code}") from None
        return answer
