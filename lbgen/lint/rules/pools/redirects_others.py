"""A redirect of one app redirects another as well.

## What it does

Looks at `redirectToHttps` of tasks that share a frontend.

## Why is this bad?

A redirect is the frontend's, and holds for everybody on its port.

## Use instead

Exceptions, as `host:shop.example.com`.
"""
