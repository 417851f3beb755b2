"""Two apps ask for one port with what cannot share it.

## What it does

Looks at the ports of all frontends that `edgelb.` labels ask for.

## Why is this bad?

One of them is left out of the pool.

## Use instead

Another port, by `frontend.port`.
"""
