"""Compiles small repositories in memory, with stand-ins for everything outside of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gitops.build.lock import text
from gitops.build.pipeline import building, discovery, locks
from gitops.build.pipeline.copies import Copies
from gitops.build.pipeline.fleet import compile_fleet
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.errors import ChartError
from gitops.model.build import Fleet, Unit
from gitops.model.chart import StoredChart
from gitops.model.cluster import Entry, Sync
from gitops.model.finding import Finding
from gitops.model.render import RenderedObject, RenderProblem, RenderRequest, RenderResult
from gitops.sources import yamlio
from gitops.sources.age import Keyring
from gitops.sources.recording import Digests
from gitops.sources.tree import Kind, MemoryTree, SourceTree
from tests import harness

Chart = Callable[[RenderRequest], RenderResult]

ENTRY = Entry("test", "clusters/test")
KUBE = "1.33.5"


class Renders:
    """A renderer whose charts are functions, by the digest of the chart."""

    def __init__(self, charts: Mapping[str, Chart]) -> None:
        self.charts = charts
        self.requests: list[RenderRequest] = []

    def submit(self, request: RenderRequest) -> None:
        if request not in self.requests:
            self.requests.append(request)

    def result(self, request: RenderRequest) -> RenderResult:
        self.submit(request)
        return self.charts[request.digest](request)

    def render(self, requests: Sequence[RenderRequest]) -> tuple[RenderResult, ...]:
        return tuple(map(self.result, requests))

    @property
    def names(self) -> list[str]:
        """The releases in the order in which they were sent out."""
        return [request.name for request in self.requests]


class Store:
    """A cache in memory that counts what it gives."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], bytes] = {}
        self.hits: list[str] = []

    def get(self, kind: str, key: str) -> bytes | None:
        data = self.entries.get((kind, key))
        if data is not None:
            self.hits.append(kind)
        return data

    def put(self, kind: str, key: str, data: bytes) -> None:
        self.entries[kind, key] = data


class Charts:
    """The charts that are here."""

    def __init__(self, *held: StoredChart) -> None:
        self._held = held

    def versions(self, address: str) -> tuple[str, ...]:
        return tuple(chart.version for chart in self._held if chart.address == address)

    def find(self, address: str, version: str) -> StoredChart | None:
        for chart in self._held:
            if chart.address == address and version in (chart.version, chart.origin_digest):
                return chart
        return None


class Packer:
    """Takes a folder with a Chart.yaml for a chart; its digest is the folder's name."""

    def pack(self, chart: SourceTree, address: str) -> StoredChart:
        if chart.kind("Chart.yaml") is not Kind.FILE:
            raise ChartError(f"{address} has no Chart.yaml")
        return StoredChart(address, "0.1.0", address)


class Outside(msgspec.Struct):
    """All that a compilation gets besides the repository. Tests change what they are about."""

    renders: Renders = msgspec.field(default_factory=lambda: Renders({}))
    cache: Store = msgspec.field(default_factory=Store)
    charts: Charts = msgspec.field(default_factory=Charts)
    copies: dict[str, SourceTree] = msgspec.field(default_factory=dict)
    keyring: Keyring = msgspec.field(default_factory=Keyring)
    remotes: tuple[str, ...] = ()
    options: Options = Options(KUBE, "2.9.4")
    told: Callable[[int, int, str], None] = lambda done, total, what: None


def chart(*texts: str, asks: bool = False) -> Chart:
    """A chart that renders these objects; `NAME` in them is the name of the release."""

    def render(request: RenderRequest) -> RenderResult:
        whole = "\n---\n".join(texts).replace("NAME", msgspec.json.encode(request.name).decode())
        documents, findings = yamlio.parse(whole.encode(), "chart")
        assert findings == ()
        return RenderResult(
            tuple(
                RenderedObject(msgspec.json.encode(found.value), "templates/all.yaml", number, 1)
                for number, found in enumerate(documents)
            ),
            chart_name="chart",
            chart_version="1.0.0",
            uses_api_versions=asks,
        )

    return render


def failing(message: str, template: str = "", line: int = 0) -> Chart:
    """A chart that does not render."""
    return lambda _: RenderResult(problem=RenderProblem(message, template, line))


def stored(name: str, version: str = "1.0.0", **more: Any) -> StoredChart:
    """A chart of example.org; its digest is its name."""
    return StoredChart(f"oci://example.org/{name}", version, name, **more)


def compiled(
    files: Mapping[str, str | bytes] | str,
    outside: Outside | None = None,
    *entries: Entry,
) -> Fleet:
    """The fleet of a repository, given as files or as text with `-- path --` lines."""
    outside = outside or Outside()
    tree = MemoryTree(harness.parse(files).files if isinstance(files, str) else files)
    texts = {path: tree.read(path) for path in _locks(tree, "gitops.lock.d")}
    held, unreadable = locks.by_cluster(texts, text.parse, Store(), "test")
    ports = Ports(
        tree=tree,
        digests=Digests(tree),
        cache=outside.cache,
        renders=outside.renders,
        charts=outside.charts,
        packer=Packer(),
        copies=Copies(outside.copies),
        locks=held,
        keyring=outside.keyring,
        builder=building.build,
        finisher=building.finish,
        patcher=building.patch,
        remotes=lambda: outside.remotes,
        program="test",
        told=outside.told,
    )
    return compile_fleet(entries or (ENTRY,), ports, outside.options, unreadable)


def found_in(files: str) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The clusters of a repository."""
    return entries_of(harness.parse(files).tree)


def entries_of(
    tree: SourceTree, wanted: Sequence[str] = (), configured: Mapping[str, str] | None = None
) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The clusters of a tree."""
    return discovery.entries(tree, wanted, configured or {}, discovery.Syncs(Store(), "test"))


def sync_of(tree: SourceTree, entry: Entry) -> Sync:
    """How a cluster starts."""
    return discovery.sync(tree, entry, discovery.Syncs(Store(), "test"))


def unit(fleet: Fleet, name: str, kind: str = "") -> Unit:
    """The one unit of this name in the first cluster."""
    units = fleet.clusters[0].units
    (found,) = (each for each in units if each.id.name == name and kind in ("", each.id.kind))
    return found


def objects(fleet: Fleet, name: str, kind: str = "") -> list[str]:
    """The objects that a unit rendered, as `Kind/namespace/name`."""
    return [str(manifest.id) for manifest in unit(fleet, name, kind).manifests]


def outcomes(fleet: Fleet) -> dict[str, str]:
    """What became of each unit of the first cluster, in their order."""
    return {str(unit.id): type(unit.outcome).__name__ for unit in fleet.clusters[0].units}


def told(fleet: Fleet) -> list[str]:
    """All findings in one line each: place, severity, rule and message."""
    found = [
        *fleet.findings,
        *(found for cluster in fleet.clusters for found in cluster.findings),
        *(found for cluster in fleet.clusters for unit in cluster.units for found in unit.findings),
    ]
    return [f"{each.at} {each.severity} {each.rule}: {each.message}" for each in found]


def rules(fleet: Fleet) -> list[str]:
    """The rules of all findings, sorted."""
    return sorted(line.split(" ")[2].rstrip(":") for line in told(fleet))


def _locks(tree: MemoryTree, folder: str) -> list[str]:
    if tree.kind(folder) is not Kind.FOLDER:
        return [folder] if tree.kind(folder) is Kind.FILE else []
    return [path for name in tree.names(folder) for path in _locks(tree, f"{folder}/{name}")]
