"""The package: entries, sizes, signatures."""
