"""Placeholders stand for tasks that do not run yet.

## What it does

Names the apps that have no tasks in what is given.

## Why is this bad?

The configuration is what Marathon-LB would write; only the addresses of the servers are made up.

## Use instead

`--tasks`, or a reply of Marathon, for the real ones.
"""
