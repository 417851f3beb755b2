"""A pool leaves a port to run time.

## What it does

Looks for `bindPort` 0, or none in V2, of frontends and statistics.

## Why is this bad?

The port is known only once the pool runs. In the portable dialect lbgen plans one, always the same for the same pool
and frontend.

## Use instead

A `bindPort` where clients have to know the port beforehand.
"""
