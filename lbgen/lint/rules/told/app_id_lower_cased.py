"""An app's id is in lower case in the map of app ids.

## What it does

Looks at the ids of apps where `--haproxy-map` is on.

## Why is this bad?

HAProxy asks the map in lower case, so that an id with a capital, as Marathon-LB writes it, is never found. The
portable dialect writes it in lower case.

## Use instead

Nothing has to be done.
"""
