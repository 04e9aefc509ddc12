"""Benchmarks anyone can run: `python -m bench`. They print ratios of one run."""
