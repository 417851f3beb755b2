"""Migrations of the reservations, in order."""
