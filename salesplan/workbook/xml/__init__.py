"""The markup of sheets, cells and styles."""
