"""Text that people type and read.

Typed text is cleaned first, then judged, by the same rules for pages, API, imports, archives and admin.
`characters` cleans, `rules` judges, `inputs` applies rules to dataclasses; `forms`, `serializers` and `columns` are the
fields that use them. docs/text.md lists the rules. `languages` and `numbers` are for the texts that people read.
"""
