"""A secret becomes a file of another name.

## What it does

Looks at the names of certificates in `edgelb.` labels.

## Why is this bad?

Files of secrets have letters, digits, `_` and `-` alone. Who looks for the secret's name does not find it.

## Use instead

A secret without other characters.
"""
