"""Two apps of one group have different labels for it.

## What it does

Compares the `edgelb.` labels of tasks that name one group.

## Why is this bad?

The group has one backend, so that one of the two does not get what it asks for.

## Use instead

Equal labels, or groups of their own.
"""
