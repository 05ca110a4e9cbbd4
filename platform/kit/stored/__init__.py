"""Texts and options that earlier releases stored, brought into the form in which they are stored today.

`columns` finds the columns in the models, `answers` says what replaces a value that no rule takes,
`rewriting` goes through a table in batches, and `forms` remembers which schemas are done (docs/adr/0038).
"""
