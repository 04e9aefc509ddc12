"""The facts of the estate: `fleet.yaml` in, typed and checked, with the line of each fact."""
