"""Which certificates port 443 has once apps have moved to Edge-LB.

## What it does

Tells what the certificates of Marathon-LB's port 443 become in a pool.

## Why is this bad?

It is not, where the secrets hold what the files held. Clients turn away from a certificate that Edge-LB makes itself.

## Use instead

`--ssl-certs` for Marathon-LB's files, and `--certificate FILE=SECRET` for what they become.
"""
