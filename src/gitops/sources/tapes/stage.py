"""Files that wait on disk, on the host that has the drive."""

import os
from collections.abc import Iterator

from gitops.errors import TapeError
from gitops.model.tape import Staged


def files(root: str) -> tuple[Staged, ...]:
    """Every file below a folder, by its path. Links are not followed, and not archived."""
    if not os.path.isdir(root):
        raise TapeError(f"{root} is no folder: copy what is to be archived there first")
    return tuple(sorted(_files(root, "")))


def _files(root: str, below: str) -> Iterator[Staged]:
    with os.scandir(os.path.join(root, below)) as entries:
        for each in entries:
            path = f"{below}/{each.name}" if below else each.name
            if each.is_dir(follow_symlinks=False):
                yield from _files(root, path)
            elif each.is_file(follow_symlinks=False):
                yield Staged(path, each.stat(follow_symlinks=False).st_size)
