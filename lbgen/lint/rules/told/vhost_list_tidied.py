"""A list of vhosts is read without blanks, empty names and repetitions.

## What it does

Looks at `HAPROXY_{n}_VHOST`.

## Why is this bad?

None of these ever matched anything in Marathon-LB. The portable dialect drops them.

## Use instead

Host names by commas and nothing else.
"""
