"""A task that a pool selects has no address to reach it at.

## What it does

Looks at the addresses and ports of selected tasks.

## Why is this bad?

It gets no requests.

## Use instead

Tasks with their networks, as Mesos tells of them; or another type of endpoint.
"""
