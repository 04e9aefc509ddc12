"""Starts the programs that handle a cluster."""

import os
from collections.abc import Mapping

from gitops.sources import process
from gitops.sources.process import Ended


class Programs:
    """Programs by name, from PATH. `own` is how this one is started; `keep` is what all inherit."""

    def __init__(self, folder: str, own: tuple[str, ...], keep: tuple[int, ...] = ()) -> None:
        self._folder = folder
        self._own = own
        self._keep = keep

    def run(
        self,
        arguments: tuple[str, ...],
        stdin: bytes,
        timeout: float,
        environment: Mapping[str, str],
    ) -> Ended:
        """Start it in the root of the repository, and wait."""
        name, *rest = arguments
        started = (*self._own, *rest) if name == "gitops" else arguments
        return process.ended(
            started,
            stdin=stdin,
            timeout=timeout,
            environment={**os.environ, **environment},
            folder=self._folder,
            keep=self._keep,
        )
