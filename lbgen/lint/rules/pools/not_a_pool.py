"""A document that should hold a pool holds something else.

## What it does

Looks for the shapes in which pools are written down: a pool, a list of them, `{"pools": [..]}`, and what `GET
/config` gives back.

## Why is this bad?

Nothing in the document can be used.

## Use instead

The pool itself, with `apiVersion`, `name` and `haproxy`.
"""
