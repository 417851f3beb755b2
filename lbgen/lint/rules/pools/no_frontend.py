"""A pool has no frontend.

## What it does

Looks for frontends.

## Why is this bad?

Such a pool answers nobody, but for its statistics.

## Use instead

A frontend, with the backend that it leads to.
"""
