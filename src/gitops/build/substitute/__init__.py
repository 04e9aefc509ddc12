"""The variable substitution of Flux: its envsubst dialect."""
