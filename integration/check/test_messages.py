"""Every version still says what is recorded in tests/haproxy/said, about the lines that are marked there."""

from __future__ import annotations

import pytest

from lbgen.check.container import container_place
from lbgen.haproxy.locate import locate
from lbgen.haproxy.messages import parse_messages
from lbgen.haproxy.parse import parse
from tests.haproxy.test_messages import SAID, expected

NAMES = sorted(path.stem for path in SAID.glob("*.cfg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_message_leads_to_its_line(name: str, haproxy_version: str, haproxy_image: str) -> None:
    if not (SAID / f"{name}-{haproxy_version}.txt").exists():
        return  # HAProxy 2.2 knows no conditions
    text = (SAID / f"{name}.cfg").read_text()
    with container_place(haproxy_image, {}, diagnostics=True) as place:
        output = place.run(text, {}, []).output
        said = parse_messages(output, place.config_path)
    found = {(locate(message, parse(text)), str(message.severity)) for message in said}
    assert found == expected(text, haproxy_version)
