"""`lbgen edgelb template create`: a pool gets a template of its own."""

from __future__ import annotations

from lbgen.cli.edgelb_template_giving import giving

command = giving("Give POOL the template in FILE.", "created")
