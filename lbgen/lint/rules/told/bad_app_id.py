"""An app's id is none that Marathon takes.

## What it does

Looks at the id, as names of frontends, backends and ACLs are made of it.

## Why is this bad?

Characters that Marathon refuses could end a line or a name of the configuration, so that the app is left out.

## Use instead

Lower-case letters, digits, dashes and dots, by slashes: `/shop/web`.
"""
