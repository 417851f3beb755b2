"""Tasks belong to no app that is given.

## What it does

Compares the `appId` of the tasks that were given with `--tasks` with the ids of the apps.

## Why is this bad?

Nobody is served by them. Where an app is missing, or its id is another one, it has placeholders in their place.

## Use instead

Give the apps of these tasks as well, or the tasks of these apps: `GET /v2/apps?embed=apps.tasks` has both.
"""
