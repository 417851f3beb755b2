"""A path of a rewrite has two slashes in a row.

## What it does

Looks at `fromPath` and `toPath`.

## Why is this bad?

Hardly any request has such a path, so nothing is rewritten.

## Use instead

One slash.
"""
