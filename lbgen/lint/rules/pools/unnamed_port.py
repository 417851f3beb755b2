"""A port that Edge-LB should find has no name.

## What it does

Looks at the ports of tasks with `edgelb.` labels.

## Why is this bad?

Edge-LB finds ports by their names, and does not find this one.

## Use instead

A name for the port in the app.
"""
