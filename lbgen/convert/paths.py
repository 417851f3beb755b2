"""What becomes of labels that rewrite paths, and of redirects within an app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.convert.doors import LABELS, SERVICE

if TYPE_CHECKING:
    from lbgen.convert.doors import ConvertOptions, Moving, Report

TO_POOL = "a pool does: --to pool"
"""What to do about that which a pool can say, and a label cannot."""


def judge_paths(moving: Moving, options: ConvertOptions, report: Report) -> None:
    """Says what becomes different, and closes doors where paths cannot be rewritten at all."""
    service = moving.service
    if service.mode != "http":
        return
    if service.proxypass_path:
        _proxypass(moving, service.proxypass_path, options, report)
    if service.revproxy_path:
        _revproxy(moving, options, report)
    if service.redir_path and options.to == LABELS:
        report.loss(moving, "redirects /, which no label does", "HTTP_BACKEND_REDIR", help=TO_POOL)
    elif service.redir_path and len(moving.routes) and len({route.host for route in moving.routes}) > 1:
        report.change(
            moving, "redirects all vhosts; Marathon-LB redirects none where there are several", "HTTP_BACKEND_REDIR"
        )


def _proxypass(moving: Moving, path: str, options: ConvertOptions, report: Report) -> None:
    label = "HTTP_BACKEND_PROXYPASS_PATH"
    if not path.startswith("/"):
        report.lose(moving, f'is "{path:.60}", and Edge-LB rewrites paths that begin with a slash', label)
        return
    if re.search(r"[][().*+?^$|\\{}]", path):
        report.change(moving, "is a regular expression, and Edge-LB takes it for a plain prefix", label)
    report.note(moving, "is cut off whatever its capitals; Edge-LB cuts it off as it is written", label)
    if options.to == LABELS:
        report.change(
            moving, "is put in front of Location headers too, where they lead to the same place", label, help=TO_POOL
        )
        if SERVICE in moving.doors and moving.routes:
            report.change(moving, "sets the Host header to the vhost, which no label does", label, help=TO_POOL)


def _revproxy(moving: Moving, options: ConvertOptions, report: Report) -> None:
    label, path = "HTTP_BACKEND_REVPROXY_PATH", moving.service.revproxy_path
    cut = moving.service.proxypass_path
    if options.to == LABELS and cut != path:
        report.loss(moving, "changes Location headers without cutting the same path off, which no label does", label)
    elif cut and cut != path:
        report.loss(moving, f"is not {cut:.60}, which requests lose; Edge-LB knows one path for both", label)
    else:
        report.change(
            moving, "is put in front of paths in Location headers; Marathon-LB puts it in place of them", label
        )
