"""Two secrets become one file.

## What it does

Compares the files that the secrets of a pool become.

## Why is this bad?

One would take the other's place; the app is left out.

## Use instead

Names that differ in more than `/` and `_`.
"""
