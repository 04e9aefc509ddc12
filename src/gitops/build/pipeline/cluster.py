"""Compiles one cluster: follows what each unit renders until nothing new appears.

A unit is compiled once all that it reads is there. What it reads may be rendered by any other unit,
so units wait; when nobody can go on, whoever still waits is compiled with what there is, which is
when a missing ConfigMap becomes a finding. Those that can do without go first, because they may
give what the others wait for. The order follows from the repository alone.
"""

import msgspec

from gitops.build.flux import version
from gitops.build.flux.version import Features
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.kustomizations import Compiled, KustomizationCompiler
from gitops.build.pipeline.lookup import ClusterData
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.build.pipeline.releases import ReleaseCompiler
from gitops.build.pipeline.root import (
    injects_variables,
    patched,
    pinned_flux,
    root_manifest,
    stamped_flux,
)
from gitops.build.pipeline.sourcetrees import SourceTrees
from gitops.build.pipeline.units import Declared, Units
from gitops.model import flux
from gitops.model.build import Cluster
from gitops.model.cluster import Entry, SourceRef, Sync, nameless
from gitops.model.manifest import Manifest
from gitops.model.origin import NOWHERE


class ClusterCompiler:
    """One cluster on its way to being compiled, for one version of Flux."""

    def __init__(
        self, entry: Entry, sync: Sync, ports: Ports, options: Options, features: Features
    ) -> None:
        self._entry = entry
        self._sync = sync
        self._told = ports.told
        self._done = 0
        self._inventory = Inventory()
        self._units = Units()
        data = ClusterData(self._inventory, options.outside)
        trees = SourceTrees(ports.tree, sync, ports.remotes, ports.copies, self._inventory)
        self._features = features
        self._stamped = ""
        self._kustomizations = KustomizationCompiler(ports, trees, data, self._features)
        self._releases = ReleaseCompiler(entry.name, ports, trees, data, options, self._inventory)
        self._units.declare([patched(root_manifest(sync), sync, ports)], None)

    def begin(self) -> Features | None:
        """Go as far as possible without waiting for a chart: renders run meanwhile. Where what
        installs Flux says that it works otherwise than was assumed, whatever was compiled would be
        compiled again: that is told at once."""
        while self._other_stamp() is None and self._step():
            pass
        return self._other_stamp()

    def run(self) -> Cluster:
        """Compile everything that can be reached from the root."""
        while self._units.waiting():
            while self._step():
                pass
            if self._collect(asking=False) or self._collect(asking=True):
                continue
            if not (self._do_without() or self._send(final=True) or self._do_without(final=True)):
                break
        units = tuple(self._releases.settled(self._units.finished()))
        return Cluster(self._entry.name, self._entry.path, units)

    def other_flux(self, *, chosen: bool) -> Features | None:
        """What Flux does with the version that the cluster itself pins, unless one was `chosen`,
        and with the webhooks that it installs; None where nothing would be said or done
        otherwise."""
        injected = injects_variables(self._inventory)
        pinned = "" if chosen else pinned_flux(self._inventory) or self._stamped
        found = version.features(pinned) if pinned else self._features
        found = msgspec.structs.replace(found, variables_injected=injected)
        is_news = pinned and self._is_guessed()
        return found if is_news or not found.works_as(self._features) else None

    def _other_stamp(self) -> Features | None:
        """What Flux does with the version stamped on it, where that was assumed to be another."""
        if not (self._features.assumed and self._stamped):
            return None
        found = version.features(self._stamped)
        return None if found.works_as(self._features) else found

    def _step(self) -> bool:
        """Compile and send out whatever can be; whether there was anything."""
        progress = self._compile() | self._send(final=False)
        return progress or (not self._is_rendering() and self._do_without())

    def _is_guessed(self) -> bool:
        """Whether something was said of a version of Flux that is only assumed."""
        return self._features.assumed and any(
            found.rule == "flux/removed-api"
            for unit in self._units.finished()
            for found in unit.findings
        )

    def other_source(self) -> SourceRef | None:
        """The source that stands for the repository where nothing declares how Flux starts, or
        not in which namespace, if it has another name than the usual one."""
        if self._sync.at != NOWHERE and self._sync.name != Sync("").name:
            return None
        named = [self._kustomizations.undeclared(each) for each in self._units.kustomizations()]
        found = nameless(ref for ref in named if ref is not None)
        return None if self._sync.source in named else found

    def _compile(self) -> bool:
        """Compile Kustomizations whose inputs are there; whether there was one."""
        progress = False
        for unit, wanted in self._waiting():
            if not self._kustomizations.lack(wanted).is_any:
                progress |= self._finish(unit, self._compiled(unit, wanted))
        return progress

    def _send(self, *, final: bool) -> bool:
        """Send out releases whose inputs are there; whether there was one."""
        progress = False
        for unit in self._units.waiting():
            progress |= self._prepare(unit, final=final)
        return progress

    def _prepare(self, unit: Declared, *, final: bool) -> bool:
        return isinstance(unit.object, flux.HelmRelease) and self._releases.prepare(
            unit.object, final=final, is_secret=unit.manifest.revealed
        )

    def _do_without(self, *, final: bool = False) -> bool:
        """Compile the Kustomizations that can do without what they lack, and with `final` those
        that cannot, too; those alone that lack least: one that lacks more may get some of it from
        these. Whether there was one."""
        lacks = [
            (unit, wanted, self._kustomizations.lack(wanted)) for unit, wanted in self._waiting()
        ]
        bearable = [lack.names for _, _, lack in lacks if final or not lack.is_fatal]
        least = min(bearable, key=len, default=None)
        for unit, wanted, lack in lacks:
            if lack.names == least and (final or not lack.is_fatal):
                self._finish(unit, self._compiled(unit, wanted))
        return bool(bearable)

    def _compiled(self, unit: Declared, wanted: flux.Kustomization) -> Compiled:
        return self._kustomizations.compile(wanted, is_secret=unit.manifest.revealed)

    def _is_rendering(self) -> bool:
        """Whether a release is out, which may give what others lack."""
        releases = (unit.object for unit in self._units.waiting())
        return any(
            self._releases.is_out(each) for each in releases if isinstance(each, flux.HelmRelease)
        )

    def _waiting(self) -> list[tuple[Declared, flux.Kustomization]]:
        return [
            (unit, unit.object)
            for unit in self._units.waiting()
            if isinstance(unit.object, flux.Kustomization)
        ]

    def _collect(self, *, asking: bool) -> bool:
        """Take in the releases that were sent out; whether there was one."""
        done = False
        if asking:
            self._releases.ask()
        for unit in self._units.waiting():
            if isinstance(unit.object, flux.HelmRelease):
                compiled = self._releases.collect(unit.object, asking=asking)
                if compiled is not None:
                    done |= self._finish(unit, compiled)
        return done

    def _finish(self, unit: Declared, compiled: Compiled) -> bool:
        """Take in what a unit gave; always true, for something has happened."""
        if self._units.rewrite(unit, compiled.manifests or _bootstrapped(unit, compiled)):
            return True
        unit.outcome = compiled.outcome
        unit.findings += compiled.findings
        unit.used_variables = compiled.used_variables
        unit.chart = compiled.chart
        self._inventory.add(compiled.manifests)
        self._stamped = self._stamped or stamped_flux(compiled.manifests or compiled.attempted)
        for fresh in self._units.declare(compiled.manifests, unit.manifest.id):
            # At once: charts are rendered beside us.
            if fresh.outcome is None:
                self._prepare(fresh, final=False)
        self._done += 1
        self._told(self._done, len(self._units), f"{self._entry.name}: {unit.manifest.id}")
        return True


def _bootstrapped(unit: Declared, compiled: Compiled) -> tuple[Manifest, ...]:
    """What a root may take its own form from though it is broken: `flux bootstrap` applies that
    form by hand, so decryption may be set nowhere else."""
    return compiled.attempted if unit.parent is None else ()
