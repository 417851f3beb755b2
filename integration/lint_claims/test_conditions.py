"""A condition of a pool that `rule-never-matches` finds holds for no request, and what its fix makes of it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.fix import mend
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.pipeline.pools import PoolOptions, from_pool, read_pools
from lbgen.testing import Stub, run_haproxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lbgen.testing import Haproxy

FIRST = 9100
CASES: list[tuple[dict[str, str], str, str, bool]] = [
    # conditions, the host and the path of a request that was meant, whether a fix is offered
    ({"hostEq": "https://a.example.org/"}, "a.example.org", "/", True),
    ({"hostEq": "b.example.org/api"}, "b.example.org", "/api", False),
    ({"hostEq": "bücher.example"}, "xn--bcher-kva.example", "/", True),
    ({"hostReg": r"^https?://c\.example\.org$"}, "c.example.org", "/", False),
    ({"pathBeg": "/api/*"}, "x.example.org", "/api/v1", True),
    ({"pathBeg": "/search?q="}, "x.example.org", "/search?q=1", True),
    ({"pathEnd": "/a b"}, "x.example.org", "/a%20b", False),
    ({"pathReg": "^static/.*$"}, "x.example.org", "/static/x", True),
    ({"hostEq": "*.d.example.org"}, "www.d.example.org", "/", True),
    ({"pathReg": "^/globs/*$"}, "x.example.org", "/globs/x", True),
]
RULES = {"rule-never-matches", "star-in-host", "glob-in-pattern"}


def pool() -> dict[str, Any]:
    """A frontend on a port of its own for each condition, and a backend behind it for the requests that meet it."""
    service = {"type": "ADDRESS", "address": "stub.test"}
    names = ("other", "meant")
    backends = [
        {"name": name, "protocol": "HTTP", "services": [{"endpoint": {**service, "port": 9001 + rank}}]}
        for rank, name in enumerate(names)
    ]
    frontends = [
        {
            "bindPort": FIRST + rank,
            "protocol": "HTTP",
            "linkBackend": {"defaultBackend": "other", "map": [{"backend": "meant", **conditions}]},
        }
        for rank, (conditions, _, _, _) in enumerate(CASES)
    ]
    haproxy = {"stats": {"bindAddress": "127.0.0.1", "bindPort": 9090}, "frontends": frontends, "backends": backends}
    return {"apiVersion": "V2", "name": "p", "haproxy": haproxy}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pool as it is written, and as it is mended."""
    path = tmp_path_factory.mktemp("pools")
    (path / "written.json").write_text(json.dumps(pool()))
    linted = lint([str(path / "written.json")], Options(groups=()))
    found = [finding for finding in linted.findings if finding.rule in RULES]
    assert len(found) == len(CASES)
    assert [finding.fix is not None for finding in sorted(found, key=_place)] == [fixed for *_, fixed in CASES]
    mended = mend(found, linted.documents, unsafe=True).texts
    (path / "mended.json").write_text(mended[str(path / "written.json")])
    return path


def _place(finding: Any) -> int:
    return int(finding.origin.pointer.split("/")[3])


@pytest.fixture(scope="module", params=["written", "mended"])
def started(request: pytest.FixtureRequest, directory: Path, haproxy_image: str) -> Iterator[tuple[str, Haproxy]]:
    """One of the two, on each HAProxy."""
    read = read_pools([str(directory / f"{request.param}.json")])
    made = from_pool(read.pools[0], None, PoolOptions())
    assert made.rendered is not None
    stubs = [Stub(name, port=9001 + rank, hosts=("stub.test",)) for rank, name in enumerate(("other", "meant"))]
    with run_haproxy(made.rendered.text, stubs=stubs, image=haproxy_image) as haproxy:
        yield request.param, haproxy


@pytest.mark.parametrize("rank", range(len(CASES)), ids=lambda rank: " ".join(CASES[rank][0].values()))
def test_no_request_meets_it_before_it_is_mended(started: tuple[str, Haproxy], rank: int) -> None:
    which, haproxy = started
    _, host, path, fixed = CASES[rank]
    answer = haproxy.request(FIRST + rank, path, headers={"Host": host})
    assert answer.json()["stub"] == ("meant" if which == "mended" and fixed else "other")
