r"""A regular expression is none.

## What it does

Reads the paths of `HAPROXY_{n}_HTTP_BACKEND_PROXYPASS_PATH`, which become parts of regular expressions, and the
patterns of pools.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

Escape what should stand for itself, in JSON with two backslashes: `/a\\.b`.
"""
