"""An app is described twice.

## What it does

Compares the ids of all apps of the fleet. Of two descriptions of one id the same one is kept in whatever order they
come.

## Why is this bad?

Marathon has one app of an id. Which description it has is not in the files.

## Use instead

Keep one description, or give each an id of its own. A file that is left over from a rename is a usual reason.
"""
