"""Two apps without a group share one backend.

## What it does

Looks for tasks whose `edgelb.` labels name no group.

## Why is this bad?

Requests for the one are answered by the other.

## Use instead

A group in the labels: `edgelb.shop.frontend.rules`.
"""
