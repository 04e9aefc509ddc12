"""The process in which charts are rendered: `python -m gitops.sources.helm.worker JOBS MEMORY`.

It reads requests from standard input and writes results to standard output until the input ends,
rendering JOBS charts at a time in at most MEMORY bytes. A chart can make Go abort the process, or
keep it busy for ever; whoever started it has to expect that (see `client`).
"""

import resource
import sys
from importlib import import_module

from gitops.sources.helm import native


def main(jobs: int, memory: int) -> None:
    """Serve until standard input ends; never returns."""
    _bound(memory)
    library = _load()
    # Go starts up in the background while the slow modules are imported.
    import_module("gitops.sources.helm.serving").serve(library, jobs)


def _bound(memory: int) -> None:
    """Recursion without end dies at the limit, long before it fills the machine."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def _load() -> native.Library | OSError:
    try:
        return native.Library()
    except OSError as cause:
        return cause


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
