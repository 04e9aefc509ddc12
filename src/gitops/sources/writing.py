"""Writes files that nobody but their owner may read."""

import os


def write_private(path: str, content: bytes) -> None:
    """Make a file that only its owner may read. Raises FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
