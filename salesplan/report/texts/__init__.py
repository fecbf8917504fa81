"""The report's texts by area, (Chinese, English) by key."""
