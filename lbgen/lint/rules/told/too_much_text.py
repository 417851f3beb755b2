"""A template would become more text than is taken.

## What it does

Counts the characters of what a label's template is filled in to.

## Why is this bad?

A width in a placeholder makes a configuration of any size out of a short label.

## Use instead

Placeholders as they are, without a width.
"""
