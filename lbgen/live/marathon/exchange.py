"""Questions to Marathon and its answers: who may be asked, as whom, and where a redirect may lead."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from lbgen.live.marathon.body import read_body
from lbgen.live.marathon.credentials import BasicAuth, ServiceAccount
from lbgen.live.marathon.endpoint import Circle, site_of
from lbgen.live.marathon.guard import Guard
from lbgen.live.marathon.tokens import Tokens
from lbgen.live.marathon.unusable import LoginFailed, Unusable, unusable
from lbgen.live.marathon.wire import FAILURES, Question, Wire

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping

    import requests

    from lbgen.live.marathon.access import Access

_MOST_REDIRECTS = 3
_MOST_OF_LOGIN = 1024 * 1024


class Answer:
    """An answer that was read whole, as far as the marathon package looks at one.

    It has no `text`: the package would print that, and that may hold what is nobody's business.
    """

    text = ""

    def __init__(self, response: requests.Response, content: bytes) -> None:
        self.status_code = response.status_code
        self.reason = response.reason or ""
        self.headers = response.headers
        self.content = content

    def json(self) -> dict[str, Any]:
        """The object in the body, an empty one where there is something else."""
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class Exchange:
    """Asks as it should be asked, and follows Marathon where it redirects to.

    Credentials go to the hosts of the endpoints that were given and to nobody else, and nobody leads from https to
    http. Nobody is waited for any more once `stop` is set.
    """

    def __init__(self, access: Access, stop: threading.Event | None = None) -> None:
        self._access = access
        self._stop = stop
        self._circle = Circle(access.endpoints)
        self._wire = Wire(access)
        account = access.credentials
        self._tokens = Tokens(account, self._log_in) if isinstance(account, ServiceAccount) else None

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Answer:
        """The whole answer; called as the method of requests is. Raises Unusable where there is none."""
        access = self._access
        with Guard(access.total_seconds, self._stop) as guard:
            question = Question(method, url, guard, access.read_seconds, params, data, headers or {})
            try:
                return self._whole(question)
            except (*FAILURES, Unusable) as error:
                if guard.cut_because:
                    raise Unusable(guard.cut_because) from None
                raise error if isinstance(error, Unusable) else unusable(error) from None

    @contextmanager
    def open(
        self, url: str, params: Mapping[str, Any], headers: Mapping[str, str], guard: Guard
    ) -> Iterator[requests.Response]:
        """An answer of which only the head was read; raises Unusable, also for what the network does in the block."""
        question = Question("GET", url, guard, self._access.silence_seconds, params, headers=headers)
        try:
            with self._answer(question) as response:
                yield response
        except FAILURES as error:
            raise unusable(error) from None

    def close(self) -> None:
        """Gives up the connections."""
        self._wire.close()

    def _whole(self, question: Question) -> Answer:
        with self._answer(question) as response:
            content = read_body(response, self._access.most_bytes)
        if question.guard.cut_because:
            # A head that was cut off looks like a short one.
            raise Unusable(question.guard.cut_because)
        return Answer(response, content)

    def _answer(self, question: Question) -> requests.Response:
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._let_in(question)
            if not response.is_redirect:
                return _led_nowhere(response)
            response.close()
            question = question.elsewhere(self._target(question.url, response.headers["Location"]))
        raise Unusable("redirects again and again")

    def _target(self, url: str, location: str) -> str:
        """Where a redirect leads to; raises Unusable where that is nowhere to go."""
        target = urljoin(url, location)
        site = site_of(target)
        if site is None:
            raise Unusable("redirects to what is no address")
        if url.startswith("https:") and site.scheme != "https":
            raise Unusable("redirects from https to http, where lbgen does not follow")
        if self._has_credentials() and self._circle.endpoint(target) is None:
            named = f"{site.scheme}://{site.host}:{site.port}"
            raise Unusable(f"redirects to {named}, which is no host of the endpoints: credentials are not taken there")
        return target

    def _has_credentials(self) -> bool:
        return self._access.credentials is not None or any(each.own for each in self._access.endpoints)

    def _let_in(self, question: Question) -> requests.Response:
        """The answer, after another login where the token has become void; raises Unusable where nobody is let in."""
        shown = self._authorization(question)
        response = self._wire.send(question, shown)
        if response.status_code == 401 and self._tokens is not None and shown is not None:
            response.close()
            self._tokens.refused(shown)
            shown = self._authorization(question)
            response = self._wire.send(question, shown)
        if response.status_code in {401, 403}:
            response.close()
            raise Unusable(_not_let_in(response.status_code, shown))
        return response

    def _authorization(self, question: Question) -> str | None:
        """What is shown to whom the question goes to."""
        endpoint = self._circle.endpoint(question.url)
        if endpoint is None:
            return None
        if self._tokens is not None:
            return self._tokens.header(question.guard)
        basic = self._access.credentials if isinstance(self._access.credentials, BasicAuth) else endpoint.own
        return basic.header if basic is not None else None

    def _log_in(self, url: str, body: bytes, guard: Guard) -> tuple[Mapping[str, str], str]:
        """The answer to a login; raises LoginFailed."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        question = Question("POST", url, guard, self._access.read_seconds, None, body, headers)
        try:
            with self._wire.send(question) as response:
                text = read_body(response, _MOST_OF_LOGIN).decode(errors="replace")
        except FAILURES as error:
            raise LoginFailed(f"{url} {unusable(error)}") from None
        except Unusable as error:
            raise LoginFailed(f"{url} {error}") from None
        if response.status_code != 200:
            raise LoginFailed(f"{url} answers {response.status_code}")
        return response.headers, text


def _led_nowhere(response: requests.Response) -> requests.Response:
    """The answer; raises Unusable where it is a redirect that does not say where to."""
    if 300 <= response.status_code < 400:
        response.close()
        raise Unusable(f"answers {response.status_code}, and not where to go")
    return response


def _not_let_in(status: int, shown: str | None) -> str:
    if status == 403:
        return "does not let this user see the apps (403)"
    return "wants credentials (401)" if shown is None else "does not accept the credentials (401)"
