"""The sheets of the report, one module a section."""
