"""A frontend that is not HTTP redirects to HTTPS.

## What it does

Looks for `redirectToHttps` on frontends of other protocols.

## Why is this bad?

Edge-LB refuses the pool.

## Use instead

A frontend of HTTP beside it, with the redirect.
"""
