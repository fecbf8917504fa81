"""The plan: what a master workbook says, as typed frozen records."""
