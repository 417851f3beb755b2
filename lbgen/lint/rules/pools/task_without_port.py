"""A task with Edge-LB labels has no port.

## What it does

Looks at the ports of exposed tasks.

## Why is this bad?

Nothing can be sent to it; it is left out.

## Use instead

A port, or the label `backend.endpoint`.
"""
