"""A document is not YAML.

## What it does

Reads the document to its end, and says where it stops being YAML.

## Why is this bad?

Nothing in it was looked at.

## Use instead

What the message says; tabs and text that should be in quotes are the usual reasons.
"""
