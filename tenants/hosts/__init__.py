"""The hosts of shops: which shop a request is for, its domains, and how much each host may ask."""
