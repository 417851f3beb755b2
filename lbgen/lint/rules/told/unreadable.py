"""A file cannot be read.

## What it does

Opens every file that is given: as text in UTF-8, of at most the size that is taken.

## Why is this bad?

Nothing in it was looked at.

## Use instead

A file in UTF-8 that the user may read.
"""
