"""The small mapping of a linked source that tests and benchmarks share."""

MAP = """
key = "id"
source = "deals.csv"
[columns]
day = "day"
unit = "who"
product = "product"
customer = "customer"
[[rule]]
kpi = "REV"
value = "amount"
"""
