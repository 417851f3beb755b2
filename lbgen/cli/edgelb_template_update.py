"""`lbgen edgelb template update`: another template for a pool."""

from __future__ import annotations

from lbgen.cli.edgelb_template_giving import giving

command = giving("Change the template of POOL to that in FILE.", "updated")
