"""The year's meetings: the day's stand-up (晨会) and the week's meeting (周会), each as one page to
print or to hold on a phone, made of a plan and its results.

``day`` and ``week`` say what there is to talk about, ``say`` puts it into words and tables,
``xlsx`` and ``page`` draw these. What was typed into the workbook comes back as a handout's does.
"""
