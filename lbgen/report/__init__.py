"""What the findings of a run look like: in a terminal, in one line each, as JSON, as SARIF, as GitHub annotations."""

from lbgen.report.color import wants_color
from lbgen.report.table import REPORTERS, write

__all__ = ["REPORTERS", "wants_color", "write"]
