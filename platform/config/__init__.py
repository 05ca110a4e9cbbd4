"""The composition root: settings, URL configurations and entry points."""
