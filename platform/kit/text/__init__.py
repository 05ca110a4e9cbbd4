"""Text that people type: cleaned first, then judged, by the same rules for pages, API, imports, archives and admin.

`characters` cleans, `rules` judges, `inputs` applies rules to dataclasses; `forms`, `serializers` and `columns` are the
fields that use them. docs/text.md lists the rules.
"""
