"""The plan as its approved changes leave it."""
