"""What kustomize-controller does around kustomize: generation, variables, labels, SOPS."""
