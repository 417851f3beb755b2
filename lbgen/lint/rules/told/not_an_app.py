"""Something in a document of apps is no app.

## What it does

Reads every document as an app, a list of apps, a group, or a reply of Marathon, and names what is none of these.

## Why is this bad?

Nothing in it is looked at, and no load balancer serves it.

## Use instead

Give the definition of an app as Marathon takes it, with an `id`; tasks go with `--tasks`.
"""
