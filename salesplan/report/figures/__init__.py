"""The figures of the report, and the formulas that work them out."""
