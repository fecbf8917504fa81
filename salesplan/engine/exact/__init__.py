"""Whole numbers and days: rounding without loss, flows, working days."""
