"""Writes the documents that the code knows by heart: docs/rules.md, and the schemas in docs/schemas."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lbgen.cli.schema import KINDS, schema_of  # noqa: E402 - the checkout's own lbgen
from lbgen.lint.manual import markdown  # noqa: E402
from lbgen.lint.registry import RULES  # noqa: E402

RULES_HEAD = """\
# The rules of lbgen lint

What `lbgen lint` finds, in the order of the codes. Code and name mean the same and never change; each is accepted
wherever a rule is named, and a prefix of codes, as `LBG5`, stands for a family. `lbgen rule CODE` shows a page in the
terminal. [lint.md](lint.md) says how to run lint, and how to live with it.

`python3 tools/write_docs.py` writes this document from the rules themselves.

"""


def documents() -> dict[str, str]:
    """What each document has to hold, by its path."""
    schemas = {f"docs/schemas/{kind}.json": json.dumps(schema_of(kind), indent=2) + "\n" for kind in KINDS}
    return {"docs/rules.md": RULES_HEAD + markdown(RULES), **schemas}


if __name__ == "__main__":
    for path, text in documents().items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(text)
