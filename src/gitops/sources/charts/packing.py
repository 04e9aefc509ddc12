"""Charts that lie in a repository, kept where a renderer can read them."""

import os

from gitops.model.chart import StoredChart
from gitops.sources import cachedir
from gitops.sources.charts import archive, folder, metadata
from gitops.sources.charts.store import Store
from gitops.sources.tree import SourceTree


class Packer:
    """Packs charts as source-controller does, among the archives of a store but not in its index:
    they belong to no registry."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pack(self, chart: SourceTree, address: str) -> StoredChart:
        """The chart whose folder is the root of the tree; `address` names it in errors.

        Raises ChartError where it is no chart, and CacheError where it cannot be kept.
        """
        files = folder.files(chart, address)
        named = metadata.read(files, address)
        digest = archive.digest(files)
        path = self._store.path_of(digest)
        if not os.path.exists(path):
            cachedir.write(path, archive.pack(named.name, files))
        return StoredChart(address, named.version, digest, named.app_version, path=path)
