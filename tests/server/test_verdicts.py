"""What is said of a text that HAProxy refuses."""

from __future__ import annotations

from pathlib import Path

from lbgen.edgelb.tasks import Tasks
from lbgen.pipeline.pools import PoolOptions
from lbgen.server.instances.engine import Said
from lbgen.server.instances.verdicts import refusal
from lbgen.server.rendering import Renderer, Rendering
from lbgen.server.store import StoredPool
from tests.server.documents import pool

FILE = "/data/run/0123456789abcdef/candidate.cfg"
WORDS = "unknown keyword 'nonsense' in 'backend' section"


def rendering(template: str | None = None) -> Rendering:
    document = pool()
    document["haproxy"]["backends"][0]["miscStrs"] = ["nonsense here"]
    return Renderer(PoolOptions(), Path("/nowhere")).render(StoredPool("web", "V2", document, 1, template), Tasks())


def said(made: Rendering, what: str) -> Said:
    line = next(number for number, text in enumerate((made.text or "").splitlines(), 1) if "nonsense" in text)
    return Said(
        1, f"[NOTICE]   (1) : haproxy version is 2.6.12\n[ALERT]    (1) : config : parsing [{FILE}:{line}] : {what}\n"
    )


def test_nothing_of_what_is_accepted() -> None:
    assert refusal(rendering(), Said(0, "[WARNING]  (1) : config : something\n"), FILE) == ""


def test_the_value_of_the_pool_is_named() -> None:
    made = rendering()
    assert refusal(made, said(made, WORDS), FILE) == (
        f"HAProxy refuses the configuration: /haproxy/backends/0/miscStrs/0: {WORDS}"
    )


def test_the_line_is_named_where_a_template_made_it() -> None:
    made = rendering("{% for section in sections %}{{ section.text }}\n{% endfor %}# the end\n")
    told = refusal(made, said(made, WORDS), FILE)
    assert told.startswith("HAProxy refuses the configuration: line ")
    assert told.endswith(f", nonsense here: {WORDS}")


def test_words_that_are_no_messages() -> None:
    assert refusal(rendering(), Said(1, "cannot read it\nas it is\n"), FILE).endswith(": as it is")
    assert refusal(rendering(), Said(-11, ""), FILE).endswith(": it ended with status -11")


def test_what_haproxy_reads_in_files_is_not_repeated() -> None:
    made = rendering()
    leaks = "error detected while parsing ACL 'a' : 'root:x:0' is not an address at line 1 of file '/etc/passwd'."
    told = refusal(made, said(made, leaks), FILE)
    assert "root:x:0" not in told
    assert told.endswith(" is not an address at line 1 of file '..'.")
