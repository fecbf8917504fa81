"""Writing: styles, pages, long sheets."""
