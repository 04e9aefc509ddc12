"""YAML in and out, exactly as Kubernetes tools read it."""
