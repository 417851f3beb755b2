"""There is no app.

## What it does

Counts the apps of all documents.

## Why is this bad?

There is nothing to write a configuration for.

## Use instead

Files with apps in them.
"""
