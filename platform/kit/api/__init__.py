"""The API: input, envelope, description and throttles."""
