"""Which endpoint is asked, and in what order."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.live.contract import Change, SourceError
from lbgen.live.marathon import Access, Endpoint, MarathonSource
from lbgen.live.marathon import source as module
from lbgen.live.marathon.answers import Read
from lbgen.live.marathon.unusable import LoginFailed, Unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

URLS = ("http://a", "http://b", "http://c")


class Cluster:
    """Answers in place of clients and streams; `down` are those who do not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.down: set[str] = set()
        self.asked: list[str] = []
        self.error: type[Unusable] = Unusable
        monkeypatch.setattr(module, "Client", self._client)
        monkeypatch.setattr(module, "listen", self._listen)
        self.source = MarathonSource(Access(tuple(map(Endpoint, URLS)), max_backoff_seconds=0))

    def ask(self, endpoint: str) -> Read:
        self.asked.append(endpoint[-1])
        if endpoint in self.down:
            raise self.error("is away")
        return Read(f"from {endpoint}", {"apps": []})

    def _client(self, endpoint: Endpoint, _: object) -> Any:
        cluster = self

        class Client:
            def apps(self) -> Read:
                return cluster.ask(str(endpoint))

            def app(self, app_id: str) -> Read | None:
                return cluster.ask(str(endpoint)) if app_id == "/web" else None

        return Client()

    def _listen(self, _: object, endpoint: Endpoint, __: threading.Event) -> Iterator[Change]:
        yield Change(None, self.ask(str(endpoint)).text, 0)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    return Cluster(monkeypatch)


def test_first_one_is_asked_as_long_as_it_answers(cluster: Cluster) -> None:
    assert [cluster.source.fetch().endpoint for _ in range(2)] == ["http://a"] * 2
    assert cluster.asked == ["a", "a"]


def test_next_one_is_asked_and_then_stays(cluster: Cluster) -> None:
    cluster.down = {"http://a"}
    reply = cluster.source.fetch()
    assert (reply.endpoint, reply.text, reply.value) == ("http://b", "from http://b", {"apps": []})
    cluster.down = {"http://b"}
    found = cluster.source.fetch_app("/web")
    assert found is not None
    assert found.endpoint == "http://c"
    assert cluster.asked == ["a", "b", "b", "c"]


def test_app_that_is_not_there_is_an_answer(cluster: Cluster) -> None:
    assert cluster.source.fetch_app("/other") is None
    assert cluster.asked == []


def test_all_reasons_are_told(cluster: Cluster) -> None:
    cluster.down = set(URLS)
    with pytest.raises(SourceError) as caught:
        cluster.source.fetch()
    assert str(caught.value) == "http://a is away; http://b is away; http://c is away"


def test_login_that_fails_is_not_tried_at_each(cluster: Cluster) -> None:
    cluster.down = set(URLS)
    cluster.error = LoginFailed
    with pytest.raises(SourceError, match=r"^the login of the service account fails: is away$"):
        cluster.source.fetch()
    assert cluster.asked == ["a"]


def test_streams_go_round_whoever_answers_other_questions(cluster: Cluster) -> None:
    events = cluster.source.events(threading.Event())
    heard = []
    for down in "abc":
        heard.append(next(events).reason)
        cluster.down = {f"http://{down}"}
        cluster.source.fetch()
        cluster.down = set()
    assert heard == ["from http://a", "from http://b", "from http://c"]


def test_streams_go_round(cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    cluster.down = {"http://b"}
    stop = threading.Event()
    events = cluster.source.events(stop)
    assert [next(events).reason for _ in range(4)] == [f"from http://{name}" for name in "acac"]
    assert cluster.asked == ["a", "b", "c", "a", "b", "c"]
    told = ["http://a ends the event stream", "http://b is away", "http://c ends the event stream"]
    assert [record.getMessage() for record in caplog.records][:3] == told
    assert cluster.source.listening_to == Endpoint("http://c")
    stop.set()
    assert list(events) == []
    assert cluster.source.listening_to is None
