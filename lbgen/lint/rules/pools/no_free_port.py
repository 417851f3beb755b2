"""There is no port left for one that a pool leaves to run time.

## What it does

Looks for a free port in the range that is given for them.

## Why is this bad?

The configuration cannot be written.

## Use instead

A wider range, or a `bindPort`.
"""
