"""Tells when files of a folder change."""

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

_SETTLED = 50
"""Milliseconds without a change after which a change is told: editors write in several steps."""


def changes(root: str) -> Iterator[tuple[str, ...]]:
    """The files that changed together, relative to the folder and sorted; for ever.

    What version control, editors and virtual environments keep for themselves is left out. The
    library is loaded here because it costs a third of a whole run, and few runs watch.
    """
    watchfiles: Any = import_module("watchfiles")
    for changed in watchfiles.watch(root, step=_SETTLED, raise_interrupt=True):
        yield tuple(sorted({os.path.relpath(path, root) for _, path in changed}))
