"""The file of a secret has to be put beside the configuration.

## What it does

Looks for the files of a pool's secrets in the directory of its certificates.

## Why is this bad?

lbgen cannot read the secrets of the cluster. Without the file HAProxy does not start.

## Use instead

Put the file where the message says.
"""
