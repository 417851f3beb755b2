"""A label stays with the app.

## What it does

Looks at labels of `HAPROXY_` that conversion leaves where they are.

## Why is this bad?

Nobody reads it any more once Marathon-LB is gone.

## Use instead

Drop it then.
"""
