"""What the machines are configured with: rendered from the facts of the estate, and proved."""
