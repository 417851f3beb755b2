"""An address is refused by Edge-LB in a pool of V1.

## What it does

Looks at `bindAddress` in pools of V1.

## Why is this bad?

By a mistake of Edge-LB, an address with the digit 1 in it is refused there, `127.0.0.1` among them. V2 takes it.

## Use instead

A pool of V2: `lbgen convert pool-v1` writes it.
"""
