"""Tests that need a real HAProxy."""
