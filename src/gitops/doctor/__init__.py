"""Whether a machine has the programs that operators use, at the versions of `mise.toml`."""
