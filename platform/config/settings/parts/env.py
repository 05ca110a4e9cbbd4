"""The one reader of the environment."""

import environ

env = environ.Env()
