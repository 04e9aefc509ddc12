"""The charts that are here: archives named by their content, and an index of what they stand for.

Below the store's folder lie

- `archives/<xx>/<digest>.tgz`, each chart once, however many addresses lead to it;
- `index/<scheme>/<host>/<path>/@<reference>.json`, one small file for each reference: an exact
  version, the tag it was pulled by, or an OCI manifest digest.

Every file is written whole and never changed in place, so processes need no lock.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec

from gitops.errors import ChartError, UsageError
from gitops.model.chart import StoredChart
from gitops.sources import cachedir
from gitops.sources.charts import archive

_ADDRESS = re.compile(r"(oci|https?)://([A-Za-z0-9._-]+(:\d+)?(/[A-Za-z0-9._~+-]+)+)")
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}|sha256:[0-9a-f]{64}")
_DAY = 24 * 60 * 60
_HOUR = 60 * 60
_ROOM = 2 * 1024 * 1024 * 1024
"""Bytes of archives that are kept; those not used for longest go first."""


def split(address: str) -> tuple[str, str]:
    """The address of the repository and the name of the chart. Raises UsageError."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address!r} is not the address of a chart; write oci://host/path/name, or the "
            "address of an HTTP repository with /name at its end"
        )
    repository, _, name = address.rpartition("/")
    return repository, name


class Entry(msgspec.Struct, frozen=True, order=True):
    """What the index says of one reference; `size` is that of the archive in bytes."""

    address: str
    reference: str
    version: str
    app_version: str
    digest: Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]
    origin_digest: str
    size: int


_decode = msgspec.json.Decoder(Entry).decode


class Store:
    """A folder of charts. Any number of processes may use it at once."""

    def __init__(
        self, folder: str, room: int = _ROOM, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder = os.path.abspath(folder)
        self._room = room
        self._clock = clock
        self._damaged: set[str] = set()
        self._unsound: set[str] = set()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was found damaged so far, and is treated as if it were not here."""
        return tuple(sorted(self._damaged))

    def versions(self, address: str) -> tuple[str, ...]:
        """The references held of a chart, manifest digests apart, sorted."""
        references = (reference for reference in self._references(self._folder(address)))
        named = (reference for reference in references if not reference.startswith("sha256:"))
        return tuple(each for each in named if self.find(address, each))

    def find(self, address: str, version: str) -> StoredChart | None:
        """The chart a reference stands for. Its archive is there in full length.

        Whether it also holds the right bytes, `intact` tells; what it found wanting is not found.
        """
        address = address.rstrip("/")
        entry = self._entry(self._index_path(address, version))
        if entry is None:
            return None
        path = self.path_of(entry.digest)
        if path in self._unsound or not self._present(path, entry.size):
            return None
        return StoredChart(
            address, entry.version, entry.digest, entry.app_version, entry.origin_digest, path
        )

    def intact(self, chart: StoredChart) -> bool:
        """Whether the archive still holds the chart it was stored as; reads all of it."""
        try:
            content = cachedir.read(chart.path) or b""
            sound = archive.digest(archive.unpack(content, chart.path)) == chart.digest
        except ChartError:
            sound = False
        if not sound:
            self._unsound.add(chart.path)
            self._damaged.add(f"{chart.path} is damaged: pull or import {chart.address} again")
        return sound

    def add(self, chart: StoredChart, packed: bytes, *references: str) -> StoredChart:
        """Keep an archive under its version and under the other references given.

        Raises CacheError, and ChartError for an address or a version that no chart can have.
        """
        named = dict.fromkeys((chart.version, *references))
        paths = [self._index_path(chart.address, reference) for reference in named]
        if not all(paths):
            raise ChartError(
                f"{chart.address!r} at {chart.version!r} cannot be kept: "
                "oci://host/path/name or https://host/path/name is expected, and a version"
            )
        cachedir.write(self.path_of(chart.digest), packed)
        self._unsound.discard(self.path_of(chart.digest))
        for path, reference in zip(paths, named, strict=True):
            entry = _entry(chart, reference, len(packed))
            cachedir.write(path, msgspec.json.encode(entry) + b"\n")
        self._make_room()
        return msgspec.structs.replace(chart, path=self.path_of(chart.digest))

    def entries(self) -> tuple[Entry, ...]:
        """Everything the index holds, sorted; the archive of an entry may be gone."""
        return tuple(sorted(entry for _, entry in self._indexed()))

    def path_of(self, digest: str) -> str:
        """Where the archive of this content digest lies, if it is here."""
        name = digest.removeprefix("sha256:")
        return os.path.join(self.folder, "archives", name[:2], f"{name}.tgz")

    def _folder(self, address: str) -> str:
        found = _ADDRESS.fullmatch(address.rstrip("/"))
        parts = found[2].split("/") if found else []
        if not found or not {".", ".."}.isdisjoint(parts):
            return ""
        return os.path.join(self.folder, "index", found[1], *parts)

    def _index_path(self, address: str, reference: str) -> str:
        folder = self._folder(address)
        named = folder and _REFERENCE.fullmatch(reference)
        return os.path.join(folder, f"@{reference}.json") if named else ""

    def _references(self, folder: str) -> list[str]:
        try:
            names = sorted(os.listdir(folder)) if folder else []
        except OSError:
            return []
        return [name[1:-5] for name in names if name[0] == "@" and name.endswith(".json")]

    def _entry(self, path: str) -> Entry | None:
        content = cachedir.read(path) if path else None
        if content is None:
            return None
        try:
            return _decode(content)
        except msgspec.MsgspecError:
            self._damaged.add(f"{path} is damaged: pull or import its chart again")
            return None

    def _indexed(self) -> Iterator[tuple[str, Entry]]:
        for path in _files(os.path.join(self.folder, "index")):
            entry = self._entry(path) if os.path.basename(path)[0] == "@" else None
            if entry is not None:
                yield path, entry

    def _present(self, path: str, size: int) -> bool:
        try:
            status = os.stat(path)
            if status.st_size == size:
                # The time of change says when it was last used; once a day is exact enough.
                if self._clock() - status.st_mtime > _DAY:
                    os.utime(path, (self._clock(), self._clock()))
                return True
        except OSError:
            return False
        self._damaged.add(f"{path} is damaged: pull or import its chart again")
        return False

    def _make_room(self) -> None:
        """Drop what was not used for longest until the rest fits, and what led there."""
        now = self._clock()
        found = sorted(_archives(os.path.join(self.folder, "archives")))
        excess = sum(size for _, size, _ in found) - self._room
        gone: set[str] = set()
        for used, size, path in found:
            # Another process may be reading what was used within the hour.
            if excess <= 0 or now - used < _HOUR:
                break
            cachedir.remove(path)
            gone.add(path)
            excess -= size
        for path, entry in self._indexed() if gone else ():
            if self.path_of(entry.digest) in gone:
                cachedir.remove(path)


def _entry(chart: StoredChart, reference: str, size: int) -> Entry:
    return Entry(
        address=chart.address,
        reference=reference,
        version=chart.version,
        app_version=chart.app_version,
        digest=chart.digest,
        origin_digest=chart.origin_digest,
        size=size,
    )


def _archives(folder: str) -> Iterator[tuple[float, int, str]]:
    for path in _files(folder):
        try:
            status = os.stat(path)
        except OSError:
            continue
        yield status.st_mtime, status.st_size, path


def _files(folder: str) -> Iterator[str]:
    for here, _, names in os.walk(folder):
        yield from (os.path.join(here, name) for name in names)
