"""Migrations of what the server keeps, in order."""
