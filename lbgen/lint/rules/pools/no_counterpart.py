"""A label has no counterpart in Edge-LB.

## What it does

Looks for labels that no member of a pool stands for.

## Why is this bad?

It is left behind, and what it did with it.

## Use instead

A template of the pool, where it is needed.
"""
