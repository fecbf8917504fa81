"""The colours of heads and engine columns, the same in a template and in a sheet put into a
planner's own workbook.
"""

PAPER, DEEP, GOLD = "#FFFFFF", "#1F4E5F", "#D9A441"
GREY_HEAD, GREY_CELL, GREY_INK = "#D6DBDF", "#F3F5F6", "#4F5B63"
