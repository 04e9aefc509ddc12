"""Brings charts into the store from registries. Nothing else dials out.

Importing this takes a fifth of a second, for `oras` and `requests`; what needs no network is in
`keep` and `store`.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import msgspec

from gitops.errors import GitopsError, RegistryError
from gitops.model.chart import StoredChart
from gitops.sources.charts import archive, http, oci, wire
from gitops.sources.charts.keep import keep
from gitops.sources.charts.store import Store, split

_EXACT = re.compile(r"v?\d+\.\d+\.\d+([-+].*)?|sha256:[0-9a-f]{64}")
"""References that name the same chart for ever, as far as registries keep their word."""

_PARALLEL = 8


class Failed(msgspec.Struct, frozen=True):
    """A chart that could not be had, and why, for a person."""

    address: str
    version: str
    reason: str


Outcome = StoredChart | Failed


class Puller:
    """Pulls charts into a store. What it learns of a repository serves its next chart too.

    Only one thread at a time may ask for charts of one repository.
    """

    def __init__(
        self,
        store: Store,
        limits: wire.Limits = wire.DEFAULT,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._store = store
        self._limits = limits
        self._environment = environment
        self._indexed: dict[str, http.Repository] = {}
        self._registries: dict[str, oci.Repository] = {}

    def versions(self, address: str) -> tuple[str, ...]:
        """Every version its repository has of a chart, in no order. Raises RegistryError."""
        repository, name = split(address)
        if address.startswith("oci://"):
            return self._registry(address).tags()
        return tuple(self._index(repository).listed(name))

    def pull(self, address: str, version: str) -> StoredChart:
        """Fetch one chart at an exact version, a tag or an OCI manifest digest, and keep it.

        Raises RegistryError, ChartError for what is no sound chart, and CacheError.
        """
        repository, name = split(address)
        if address.startswith("oci://"):
            return self._pull_oci(address, address, version)
        index = self._index(repository)
        listed = index.listed(name)
        if version not in listed:
            some = ", ".join(sorted(listed, reverse=True)[:5]) or "none at all"
            raise RegistryError(f"{address} has no version {version!r}; it has {some}")
        url = listed[version].url
        if url.startswith("oci://"):
            where, _, tag = url.rpartition(":")
            return self._pull_oci(address, where, tag)
        data = index.archive(listed[version])
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return keep(address, archive.unpack(data, url), url, self._store, digest, version)

    def pull_all(
        self,
        wanted: Iterable[tuple[str, str]],
        again: bool = False,
        told: Callable[[Outcome], None] = lambda outcome: None,
    ) -> tuple[Outcome, ...]:
        """Pull charts by address and version, several repositories at a time.

        One outcome for each, in the order asked for; `told` hears of each as it comes, from any
        thread. A chart that is here at an exact version is not fetched, unless `again`.
        """
        pairs = list(wanted)
        groups: dict[str, list[int]] = {}
        for position, (address, _) in enumerate(pairs):
            repository = address if address.startswith("oci://") else address.rpartition("/")[0]
            groups.setdefault(repository, []).append(position)

        outcomes: dict[int, Outcome] = {}
        stopped = Event()

        def pull_group(positions: Sequence[int]) -> None:
            for position in positions:
                if stopped.is_set():
                    return
                outcomes[position] = self._outcome(*pairs[position], again)
                told(outcomes[position])

        with ThreadPoolExecutor(_PARALLEL) as pool:
            try:
                list(pool.map(pull_group, groups.values()))
            finally:
                # Whoever interrupts waits for the charts that are on their way, not for all.
                stopped.set()
        return tuple(outcomes[position] for position in range(len(pairs)))

    def _outcome(self, address: str, version: str, again: bool) -> Outcome:
        if not again and _EXACT.fullmatch(version):
            held = self._store.find(address, version)
            if held and self._store.intact(held):
                return held
        try:
            return self.pull(address, version)
        except GitopsError as cause:
            return Failed(address, version, str(cause))

    def _pull_oci(self, address: str, where: str, reference: str) -> StoredChart:
        fetched = self._registry(where).fetch(reference)
        what = f"{where}:{reference}"
        files = archive.unpack(fetched.archive, what)
        return keep(address, files, what, self._store, fetched.digest, reference, fetched.digest)

    def _registry(self, address: str) -> oci.Repository:
        if address not in self._registries:
            where = address.removeprefix("oci://")
            self._registries[address] = oci.Repository(where, self._limits, self._environment)
        return self._registries[address]

    def _index(self, repository: str) -> http.Repository:
        if repository not in self._indexed:
            self._indexed[repository] = http.Repository(repository, self._limits)
        return self._indexed[repository]
