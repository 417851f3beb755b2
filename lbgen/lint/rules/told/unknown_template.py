"""A file of the templates directory is read by nobody.

## What it does

Looks at the names of the files in the templates directory that begin with `HAPROXY_`.

## Why is this bad?

A misspelt name leaves the built-in template in place, and nothing says so.

## Use instead

`HAPROXY_` and the name of a template, as `lbgen explain-templates` lists them.
"""
