"""Delivery: what leaves the house. Reads a manifest and the books it names; knows no plan."""
