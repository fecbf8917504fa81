"""Tasks, reviews, issues, people."""
