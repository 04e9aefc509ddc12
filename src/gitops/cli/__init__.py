"""One module per verb; `compose` is the only place that picks implementations."""
