"""The vault: what it must hold, what it holds, and how each secret is changed."""
