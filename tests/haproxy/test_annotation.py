"""Comments that say which app and label a line comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.annotation import Annotation, annotate_line, annotation


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("HAPROXY_0_VHOST", "  mode http  # lbgen: app=/team/web label=HAPROXY_0_VHOST"),
        (None, "  mode http  # lbgen: app=/team/web"),
    ],
)
def test_a_line_says_where_it_comes_from(label: str | None, line: str) -> None:
    assert annotate_line("  mode http", "/team/web", label) == line
    assert annotation(line) == Annotation("/team/web", label)


@pytest.mark.parametrize("line", ["", "   ", "  acl x path a\\"])
def test_lines_that_cannot_carry_a_comment_stay_as_they_are(line: str) -> None:
    assert annotate_line(line, "/team/web") == line


@pytest.mark.parametrize(
    "line",
    [
        "  mode http",
        "  mode http # lbgen",
        "  mode http # lbgen: label=X",
        "  mode http # lbgen: ignore[rule] app=x",
        "  set-header X '  # lbgen: app=/a label='b",
        "  mode http # not lbgen: app=/a",
    ],
)
def test_other_comments_say_nothing(line: str) -> None:
    assert annotation(line) is None


def test_further_pairs_are_allowed() -> None:
    assert annotation("x # lbgen: app=/a port=80 label=L other=1") == Annotation("/a", "L")


def test_a_line_with_its_own_comment_carries_it_too() -> None:
    assert annotation(annotate_line("mode http # mine", "/a")) == Annotation("/a")


def test_a_line_that_haproxy_cannot_read_still_says_where_it_comes_from() -> None:
    assert annotation(annotate_line('option httpchk GET "/', "/a", "L")) == Annotation("/a", "L")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_id_comes_back(app: str) -> None:
    line = annotate_line("mode http", app, "L")
    assert len(line.splitlines()) == 1
    assert annotation(line) == Annotation(app, "L")
