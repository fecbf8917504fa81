"""What a reader asks of a run's results: how a figure came about, parts of it, what measures
did.
"""
