"""Brings charts into the store from disk, and tells what is there."""

import os
from collections.abc import Mapping
from itertools import groupby

import msgspec

from gitops.errors import ChartError, UsageError
from gitops.model.chart import StoredChart
from gitops.sources.charts import archive, folder, metadata
from gitops.sources.charts.store import Entry, Store, split
from gitops.sources.disk import DiskTree


class Held(msgspec.Struct, frozen=True, order=True):
    """A chart in the store: what leads to it besides its version, and its size in bytes."""

    chart: StoredChart
    references: tuple[str, ...]
    size: int


class Damage(msgspec.Struct, frozen=True, order=True):
    """A chart the index knows whose archive cannot be used, and why."""

    chart: StoredChart
    reason: str


def import_chart(path: str, address: str, store: Store) -> StoredChart:
    """Keep the chart in a folder or a .tgz as what `address` would give.

    Raises UsageError where the address cannot be that chart's, ChartError where there is no sound
    chart at the path.
    """
    address = address.rstrip("/")
    _, ending = split(address)
    files = _files(path)
    name = metadata.read(files, path).name
    if ending != name:
        raise UsageError(
            f"{path} is the chart {name!r}, but {address} ends differently; "
            f"if it stands for {address}/{name}, say so"
        )
    return keep(address, files, path, store)


def keep(
    address: str,
    files: Mapping[str, bytes],
    origin: str,
    store: Store,
    origin_digest: str = "",
    *references: str,
) -> StoredChart:
    """Keep a chart's files under its own version and under other references.

    Raises ChartError where they are not a chart; `origin` names them in errors.
    """
    named = metadata.read(files, origin)
    chart = StoredChart(
        address, named.version, archive.digest(files), named.app_version, origin_digest
    )
    return store.add(chart, archive.pack(named.name, files), *references)


def listing(store: Store) -> tuple[Held, ...]:
    """Every chart that is here, by address and version."""
    held: list[Held] = []
    for (address, version, digest), entries in groupby(
        sorted(store.entries(), key=_identity), key=_identity
    ):
        group = list(entries)
        chart = store.find(address, group[0].reference)
        if chart and chart.digest == digest:
            references = {entry.reference for entry in group} - {version}
            held.append(Held(chart, tuple(sorted(references)), group[0].size))
    return tuple(held)


def verify(store: Store) -> tuple[Damage, ...]:
    """Every chart of the index whose archive is gone or no longer what was stored."""
    found: set[Damage] = set()
    for entry in store.entries():
        path = store.path_of(entry.digest)
        chart = StoredChart(
            entry.address,
            entry.version,
            entry.digest,
            entry.app_version,
            entry.origin_digest,
            path,
        )
        if not os.path.exists(path):
            found.add(Damage(chart, "its archive is gone; pull or import it again"))
        elif not store.intact(chart):
            found.add(Damage(chart, "its archive is damaged; pull or import it again"))
    return tuple(sorted(found))


def _files(path: str) -> dict[str, bytes]:
    if os.path.isdir(path):
        return folder.files(DiskTree(path), path)
    try:
        with open(path, "rb") as file:
            data = file.read(archive.LARGEST_CHART + 1)
    except OSError as cause:
        raise ChartError(f"{path} cannot be read: {cause.strerror}") from cause
    return archive.unpack(data, path)


def _identity(entry: Entry) -> tuple[str, str, str]:
    return (entry.address, entry.version, entry.digest)
