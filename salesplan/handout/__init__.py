"""Handing out what people are to fill in, and taking it back into the master: seen first, by key,
nothing overwritten unseen.
"""
