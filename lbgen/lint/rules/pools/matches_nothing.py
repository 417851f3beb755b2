"""A service of a pool selects no running task.

## What it does

Compares selectors with the tasks that are given. Without tasks, lint looks at `serviceID` alone: ids of apps begin with
a slash.

## Why is this bad?

The backend answers 503 until there is one.

## Use instead

The names as the tasks have them; patterns are regular expressions.
"""
