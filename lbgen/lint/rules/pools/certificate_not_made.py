"""The automatic certificate of a pool is not made.

## What it does

Looks for `autoCertificate` where lbgen has no directory to write to.

## Why is this bad?

The configuration names a file that is not there.

## Use instead

`--cert-dir`, or `-o`.
"""
