"""A path of a rewrite is the beginning of other paths as well.

## What it does

Looks for `fromPath` without a slash at its end.

## Why is this bad?

`/app` is the beginning of `/application` too, which is rewritten to `lication` behind the target.

## Use instead

A slash at the ends of both paths, where that is not meant.
"""
