"""A planner's own tables, read where they stand: what they are taken for, and the plan's rows in
them.

Two halves. Recognition (:mod:`propose`) looks once at a workbook that nobody has explained and
says what each table is, with its confidence and its reason; what a person accepts of it is kept as
the sheet 对照 (:mod:`mapping`). Reading (:mod:`laying`) takes that sheet, whenever the workbook is
read, and lays what their cells hold into tables of the schema, each cell with the place where it
stands.
A workbook without the sheet imports none of this.
"""
