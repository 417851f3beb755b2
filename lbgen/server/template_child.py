"""Fills in one template of somebody's, in a process of its own that may be ended at any time.

Reads `{"template": .., "values": ..}` from standard input and writes `{"text": ..}` or `{"error": .., "line": ..}`.
"""

from __future__ import annotations

import json
import resource
import sys

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

CPU_SECONDS = 2
MOST_MEMORY = 1024**3
MOST_TEXT = 16 * 1024 * 1024


def filled(template: str, values: dict[str, object]) -> dict[str, object]:
    """The text, or what is wrong with the template and in which line."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    pieces, size = [], 0
    try:
        for piece in environment.from_string(template).generate(values):
            size += len(piece)
            if size > MOST_TEXT:
                return {"error": f"the text is longer than {MOST_TEXT // 2**20} MiB", "line": None}
            pieces.append(piece)
    except TemplateError as error:
        return {"error": str(error), "line": getattr(error, "lineno", None) or _line(error)}
    except MemoryError:
        return {"error": "it takes too much memory", "line": None}
    except Exception as error:  # noqa: BLE001 - whatever a template does
        return {"error": f"{type(error).__name__}: {error}", "line": _line(error)}
    return {"text": "".join(pieces)}


def _line(error: Exception) -> int | None:
    """The line of the template in which it happened; jinja2 puts that in place of its code's."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def main() -> None:
    """Fills in the template on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    asked = json.load(sys.stdin)
    json.dump(filled(asked["template"], asked["values"]), sys.stdout)


if __name__ == "__main__":
    main()
