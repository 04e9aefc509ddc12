"""Compiles one cluster: follows what each unit renders until nothing new appears.

A unit is compiled once all that it reads is there. What it reads may be rendered by any other unit,
so units wait; when nobody can go on, whoever still waits is compiled with what there is, which is
when a missing ConfigMap becomes a finding. The order follows from the repository alone.
"""

from gitops.build.flux import version
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.kustomizations import Compiled, KustomizationCompiler
from gitops.build.pipeline.lookup import ClusterData
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.build.pipeline.releases import ReleaseCompiler
from gitops.build.pipeline.root import pinned_flux, root_manifest
from gitops.build.pipeline.sourcetrees import SourceTrees
from gitops.build.pipeline.units import Declared, Units
from gitops.model import flux
from gitops.model.build import Cluster
from gitops.model.cluster import Entry, Sync


class ClusterCompiler:
    """One cluster on its way to being compiled, for one version of Flux."""

    def __init__(
        self, entry: Entry, sync: Sync, ports: Ports, options: Options, flux_version: str
    ) -> None:
        self._entry = entry
        self._inventory = Inventory()
        self._units = Units()
        data = ClusterData(self._inventory, options.outside)
        trees = SourceTrees(ports.tree, sync, ports.remotes, ports.copies, self._inventory)
        self._features = version.features(flux_version)
        self._kustomizations = KustomizationCompiler(ports, trees, data, self._features)
        self._releases = ReleaseCompiler(entry.name, ports, trees, data, options, self._inventory)
        self._units.declare([root_manifest(sync)], None)

    def advance(self) -> None:
        """Go as far as possible without waiting for a chart: renders run meanwhile."""
        while self._compile_ready(final=False):
            pass

    def run(self) -> Cluster:
        """Compile everything that can be reached from the root."""
        while self._units.waiting():
            self.advance()
            if self._collect(asking=False) or self._collect(asking=True):
                continue
            if not self._compile_ready(final=True):
                break
        units = tuple(self._releases.settled(self._units.finished()))
        return Cluster(self._entry.name, self._entry.path, units)

    def other_flux(self) -> str:
        """The Flux version that the cluster itself pins, if it works otherwise than this one."""
        pinned = pinned_flux(self._inventory)
        return pinned if pinned and version.features(pinned) != self._features else ""

    def _compile_ready(self, *, final: bool) -> bool:
        """Compile Kustomizations and send out releases whose inputs are there; whether there was
        one."""
        progress = False
        for unit in self._units.waiting():
            match unit.object:
                case flux.Kustomization() as kustomization:
                    compiled = self._kustomizations.compile(kustomization, final=final)
                    if compiled is not None:
                        self._finish(unit, compiled)
                        progress = True
                case flux.HelmRelease() as release:
                    progress |= self._releases.prepare(release, final=final)
        return progress

    def _collect(self, *, asking: bool) -> bool:
        """Take in the releases that were sent out; whether there was one."""
        done = False
        for unit in self._units.waiting():
            if isinstance(unit.object, flux.HelmRelease):
                compiled = self._releases.collect(unit.object, asking=asking)
                if compiled is not None:
                    self._finish(unit, compiled)
                    done = True
        return done

    def _finish(self, unit: Declared, compiled: Compiled) -> None:
        unit.outcome = compiled.outcome
        unit.findings += compiled.findings
        unit.used_variables = compiled.used_variables
        unit.chart = compiled.chart
        self._inventory.add(compiled.manifests)
        self._units.declare(compiled.manifests, unit.manifest.id)
