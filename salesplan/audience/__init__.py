"""Who sees what: recipients, their part of a plan and its results, and the audit that nothing else
is in their book.
"""
