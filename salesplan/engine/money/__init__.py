"""Budget: caps, grants, what is left."""
