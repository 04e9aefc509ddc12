"""Where a working tree of Git begins."""

import os


def toplevel(path: str) -> str | None:
    """The root of the working tree that holds a path, or None outside Git. Starts no program."""
    folder = os.path.realpath(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder
