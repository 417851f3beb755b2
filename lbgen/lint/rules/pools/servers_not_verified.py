"""The certificates of a backend's servers are not verified.

## What it does

Looks for backends of HTTPS.

## Why is this bad?

HAProxy is told `ssl verify none`: whoever is on the way can take the server's place.

## Use instead

A `miscStr` with `verify required ca-file ..` where that matters.
"""
