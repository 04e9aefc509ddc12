"""Where schemas come from, besides the repository itself."""
