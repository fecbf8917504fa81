"""Saving: locks, backups, undo."""
