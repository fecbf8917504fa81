"""One door for rows that live elsewhere: where they are read, what they are made of, which count.

A source gives a :class:`~salesplan.plan.sources.table.SourceTable`, whatever it is: a CSV export, a
workbook, a database. ``shaping`` gives it the columns that the mapping asks for beyond its own;
``actuals``, ``deals`` and ``spending`` make rows of it.
"""
