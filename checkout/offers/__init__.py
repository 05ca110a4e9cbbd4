"""Automatic offers of shops: made, changed, paused, compiled into the shop's terms of sale, and watched."""
