"""A shop's schema as data: described from the catalogues, rendered to DDL, replayed, compared."""
