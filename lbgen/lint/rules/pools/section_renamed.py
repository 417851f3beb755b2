"""A frontend or the statistics of a pool are written under another name.

## What it does

Looks for frontends that are called as a backend is, and for `stats`.

## Why is this bad?

HAProxy 3.3 refuses one name for two. Backends keep their names, since a pool's own lines may name them; in the
portable dialect the other gives way. Dashboards that go by the name of a frontend see the new one.

## Use instead

Names that differ.
"""
