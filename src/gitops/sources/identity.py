"""Which gitops is running: results of an earlier one must not be taken for its own."""

import os
from collections.abc import Iterator
from hashlib import sha256

from gitops import __version__

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def of_program() -> str:
    """Changes whenever a file of the package changes: by size and time, because a checkout is
    updated in place while the version stays."""
    lines = (f"{path}\0{size}\0{time}" for path, size, time in sorted(_files(_PACKAGE)))
    return f"{__version__}-{sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                status = entry.stat()
                yield entry.path[len(_PACKAGE) :], status.st_size, status.st_mtime_ns
