"""Edge-LB does something else than Marathon-LB in all pools.

## What it does

Tells what no label can change when apps move to Edge-LB.

## Why is this bad?

Requests may be answered a little differently.

## Use instead

See docs/moving-to-edge-lb.md.
"""
