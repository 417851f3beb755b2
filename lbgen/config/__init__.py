"""Settings: what `lbgen.toml`, or `[tool.lbgen]` of a pyproject.toml, says about a load balancer and its lint."""

from lbgen.config.nearest import find, read
from lbgen.config.settings import LintSettings, Settings, as_table

__all__ = ["LintSettings", "Settings", "as_table", "find", "read"]
