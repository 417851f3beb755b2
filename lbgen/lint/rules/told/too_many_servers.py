"""An app has more servers than are taken.

## What it does

Counts tasks times ports.

## Why is this bad?

One app would make up the whole configuration.

## Use instead

Fewer instances.
"""
