"""A key stands twice in one Edge-LB label.

## What it does

Looks at the items of `edgelb.` labels.

## Why is this bad?

The last one counts.

## Use instead

Each key once.
"""
