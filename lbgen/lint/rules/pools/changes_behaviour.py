"""Something becomes different when an app moves to Edge-LB.

## What it does

Compares what Marathon-LB writes with what Edge-LB does.

## Why is this bad?

Clients or apps may notice.

## Use instead

See what the message says, and docs/moving-to-edge-lb.md.
"""
