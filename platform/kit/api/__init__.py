"""The API: what it takes, what it answers, how it is described and how often it may be asked."""
