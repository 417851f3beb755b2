"""Something becomes a little different when an app moves to Edge-LB.

## What it does

Compares what Marathon-LB writes with what Edge-LB does.

## Why is this bad?

Hardly anybody minds.

## Use instead

Nothing, as a rule.
"""
