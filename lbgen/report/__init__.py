"""What the findings of a run look like: in a terminal, in one line each, and in the formats of programs."""

from lbgen.report.color import wants_color, wants_links
from lbgen.report.table import REPORTERS, write

__all__ = ["REPORTERS", "wants_color", "wants_links", "write"]
