"""From sheets to tables of cells."""
