"""What was reached, held against what was planned."""
