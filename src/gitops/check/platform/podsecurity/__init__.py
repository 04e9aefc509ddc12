"""Pod Security admission: what the API server would refuse to run."""
