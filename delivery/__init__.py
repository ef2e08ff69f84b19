"""Delivery: specs, packages, verdicts and takedowns of the platforms."""
