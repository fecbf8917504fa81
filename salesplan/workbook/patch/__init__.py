"""Changed cells into an existing package."""
