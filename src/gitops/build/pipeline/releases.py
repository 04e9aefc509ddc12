"""Compiles the HelmReleases of a cluster: sends them out to be rendered and takes them in.

Charts that ask which APIs the cluster serves wait for all others, because those bring CRDs; when
they bring some themselves, they are rendered again until nothing changes.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256

import msgspec

from gitops.build.helm import capabilities, names, release, values, versions
from gitops.build.lock import compare, standin
from gitops.build.pipeline.charts import Absent, ChartLocator, Here, Refused, Undeclared
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.kustomizations import Compiled
from gitops.build.pipeline.lookup import ClusterData
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.build.pipeline.sourcetrees import SourceTrees
from gitops.model import finding, manifest
from gitops.model.build import Broken, ChartUse, Locked, Rendered, Unit, Unknown
from gitops.model.chart import StoredChart
from gitops.model.finding import Finding, Severity
from gitops.model.flux import HelmRelease
from gitops.model.ids import ObjectId
from gitops.model.lock import Lock, path_of
from gitops.model.manifest import Manifest
from gitops.model.render import RenderRequest

_ROUNDS = 3
"""How often charts that ask for APIs are rendered again before the last answer stands: a guess
that is never reached by charts whose CRDs do not depend on other CRDs."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A rendered release as the cache holds it."""

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    asks: bool
    unread: tuple[tuple[str, ...], ...] = ()


class Sent(msgspec.Struct):
    """A release that can be rendered. `kept` is set as soon as its objects are known, and `asks`
    for good once its chart was seen to ask for the APIs of the cluster."""

    release: HelmRelease
    chart: StoredChart
    request: RenderRequest
    use: ChartUse
    notes: tuple[Finding, ...]
    is_partial: bool
    is_secret: bool
    kept: Kept | None = None
    asks: bool = False


_decode = msgspec.msgpack.Decoder(Kept).decode
_encode = msgspec.msgpack.Encoder().encode
_identity = msgspec.msgpack.Encoder(order="deterministic").encode


class ReleaseCompiler:
    """The releases of one cluster."""

    def __init__(
        self,
        cluster: str,
        ports: Ports,
        sources: SourceTrees,
        data: ClusterData,
        options: Options,
        inventory: Inventory,
    ) -> None:
        self._cluster = cluster
        self._ports = ports
        self._locator = ChartLocator(ports, sources, inventory)
        self._data = data
        self._kube_version = options.kube_version
        self._inventory = inventory
        self._served = capabilities.api_versions(options.kube_version)
        self._locks = ports.locks.get(cluster, {})
        self._sent: dict[ObjectId, Sent | Compiled] = {}

    def prepare(self, wanted: HelmRelease, *, final: bool, is_secret: bool) -> bool:
        """Send the release out if all it reads is there, or nothing more will come (`final`).
        `is_secret` says that its specification holds what was decrypted here."""
        if wanted.id in self._sent:
            return False
        prepared = self._prepare(wanted, final=final, is_secret=is_secret)
        if prepared is None:
            return False
        self._sent[wanted.id] = prepared
        return True

    def is_out(self, wanted: HelmRelease) -> bool:
        """Whether the release was sent out, or is known already."""
        return wanted.id in self._sent

    def ask(self) -> bool:
        """Send out anew those that ask for the APIs of the cluster, if there are others now than
        they were rendered for; whether there was one."""
        apis = self._apis()
        stale = [sent for sent in self._asking() if sent.request.api_versions != apis]
        for sent in stale:
            sent.request = msgspec.structs.replace(sent.request, api_versions=apis)
            self._submit(sent)
        return bool(stale)

    def collect(self, wanted: HelmRelease, *, asking: bool) -> Compiled | None:
        """What became of a release; None while it waits. Those whose chart asks for the APIs of
        the cluster are given only when it is their turn (`asking`)."""
        sent = self._sent.get(wanted.id)
        if sent is None or isinstance(sent, Compiled):
            return sent
        if sent.kept is None:
            self._take(sent)
        return None if sent.asks and not asking else self._compiled(sent)

    def settled(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """The units again, with releases that ask for APIs rendered for all that are there now."""
        found = list(units)
        for _ in range(_ROUNDS):
            self._take_asking()
            if not self.ask():
                break
        self._take_asking()
        for unit in found:
            sent_unit = self._sent.get(unit.id)
            if isinstance(sent_unit, Sent):
                compiled = self._compiled(sent_unit)
                yield msgspec.structs.replace(
                    unit,
                    outcome=compiled.outcome,
                    findings=compiled.findings,
                    chart=compiled.chart,
                )
            else:
                yield unit

    def _take_asking(self) -> None:
        for sent in self._asking():
            if sent.kept is None:
                self._take(sent)
            self._inventory.add(sent.kept.manifests if sent.kept else ())

    def _asking(self) -> list[Sent]:
        return [each for each in self._sent.values() if isinstance(each, Sent) and each.asks]

    def _apis(self) -> tuple[str, ...]:
        return tuple(sorted({*self._served, *self._inventory.api_versions}))

    def _prepare(
        self, wanted: HelmRelease, *, final: bool, is_secret: bool
    ) -> Sent | Compiled | None:
        refusals = release.refusals(wanted)
        if refusals:
            return Compiled(Broken(), findings=refusals)
        if not final and self._waits(wanted):
            return None
        path = path_of(self._cluster, wanted.id.namespace, wanted.id.name)
        lock = self._locks.get(path)
        located = self._locator.locate(wanted, {lock.chart: lock.version} if lock else {})
        if isinstance(located, Undeclared):
            return Compiled(Unknown(located.reason)) if final else None
        composed = values.compose(wanted, self._data.texts)
        if any(found.severity is Severity.ERROR for found in composed.findings):
            return Compiled(Broken(), findings=composed.findings)
        match located:
            case Refused(reason):
                return Compiled(Broken(), findings=(*composed.findings, _refused(wanted, reason)))
            case Absent(address, version):
                absent = Absent(address, version)
                return self._without_chart(wanted, composed, lock, absent, is_secret=is_secret)
            case Here():
                return self._send(wanted, composed, located, is_secret)

    def _waits(self, wanted: HelmRelease) -> bool:
        namespace = wanted.id.namespace
        return any(
            self._data.find(reference.kind, namespace, reference.name) is None
            for reference in wanted.spec.values_from
        )

    def _fingerprint(self, wanted: HelmRelease, request: RenderRequest, *, is_secret: bool) -> str:
        """The fingerprint of a lock: the same with and without the keys to the secrets; "" where
        the release itself holds what was decrypted, for then it cannot be told here."""
        if is_secret:
            return ""
        if self._is_secret(wanted):
            masked = values.compose(wanted, partial(self._data.texts, masked=True))
            request = msgspec.structs.replace(request, values=msgspec.json.encode(masked.data))
        return compare.fingerprint(request, _finishing(wanted))

    def _is_secret(self, wanted: HelmRelease) -> bool:
        return any(
            self._data.is_revealed(reference.kind, wanted.id.namespace, reference.name)
            for reference in wanted.spec.values_from
        )

    def _send(
        self,
        wanted: HelmRelease,
        composed: values.Values,
        here: Here,
        is_secret: bool,
    ) -> Sent:
        chart = here.chart
        request = msgspec.structs.replace(
            self._request(wanted, composed, chart, here.version),
            values_files=here.values_files,
            ignore_missing_values_files=here.ignore_missing,
            defaults=here.defaults,
        )
        use = ChartUse(
            chart.address,
            chart.version,
            self._fingerprint(wanted, request, is_secret=is_secret),
            chart.digest,
            chart.origin_digest,
            chart.app_version,
        )
        is_partial, is_secret = bool(composed.unknown), is_secret or self._is_secret(wanted)
        sent = Sent(wanted, chart, request, use, composed.findings, is_partial, is_secret)
        self._submit(sent)
        return sent

    def _submit(self, sent: Sent) -> None:
        """Look the objects up, and have them rendered where they are not known."""
        sent.kept = self._known(sent)
        if sent.kept is None:
            self._ports.renders.submit(sent.request)
        else:
            sent.asks |= sent.kept.asks

    def _request(
        self, wanted: HelmRelease, composed: values.Values, chart: StoredChart, version: str
    ) -> RenderRequest:
        return release.request(
            wanted,
            chart,
            composed.data,
            version=version,
            kube_version=self._kube_version,
            api_versions=self._served,
        )

    def _without_chart(
        self,
        wanted: HelmRelease,
        composed: values.Values,
        lock: Lock | None,
        absent: Absent,
        *,
        is_secret: bool,
    ) -> Compiled:
        """The interface that the lock recorded, or nothing but a note."""
        address, version = absent.address, absent.version
        if lock is not None and lock.chart == address and _stands_for(lock, version):
            locked = StoredChart(address, lock.version, lock.digest, lock.app_version)
            request = self._request(wanted, composed, locked, lock.version)
            fingerprint = self._fingerprint(wanted, request, is_secret=is_secret)
            use = ChartUse(address, lock.version, fingerprint)
            manifests = standin.manifests_of(lock)
            return Compiled(Locked(manifests, lock.path), manifests, composed.findings, chart=use)
        absent_note = _absent(wanted, address, version, lock)
        use = ChartUse(address, version, "")
        findings = (*composed.findings, absent_note)
        return Compiled(Unknown(absent_note.message), findings=findings, chart=use)

    def _take(self, sent: Sent) -> None:
        """Wait for the chart, finish its objects as Flux does, and keep them."""
        result = self._ports.renders.result(sent.request)
        built = self._ports.finisher(sent.release, sent.chart, result)
        incomplete = "placeholder" if sent.is_partial else ""
        manifests = tuple(
            msgspec.structs.replace(each, incomplete=incomplete, revealed=sent.is_secret)
            for each in built.manifests
        )
        sent.kept = Kept(manifests, built.findings, result.uses_api_versions, result.unread)
        sent.asks |= result.uses_api_versions
        if not sent.is_secret and result.problem is None:
            self._ports.cache.put("release", self._key(sent), _encode(sent.kept))

    def _known(self, sent: Sent) -> Kept | None:
        if sent.is_secret:
            return None
        data = self._ports.cache.get("release", self._key(sent))
        return _decode(data) if data is not None else None

    def _key(self, sent: Sent) -> str:
        """What the objects of a release depend on; where its chart lies is not part of it."""
        request = msgspec.structs.replace(sent.request, chart="")
        wanted = sent.release
        whole = (
            self._ports.program,
            sent.chart.address,
            request,
            wanted.id,
            wanted.origin,
            _finishing(wanted),
            sent.is_partial,
        )
        return sha256(_identity(whole)).hexdigest()

    def _compiled(self, sent: Sent) -> Compiled:
        assert sent.kept is not None
        findings = (*sent.notes, *sent.kept.findings)
        if any(found.severity is Severity.ERROR for found in findings):
            return Compiled(Broken(), findings=findings, chart=sent.use)
        namespace = names.release_namespace(sent.release)
        manifests = tuple(self._placed(each, namespace) for each in sent.kept.manifests)
        use = msgspec.structs.replace(sent.use, unread=sent.kept.unread)
        return Compiled(Rendered(manifests), manifests, findings, chart=use)

    def _placed(self, each: Manifest, namespace: str) -> Manifest:
        """The object with or without the namespace of the release, where a CRD of another unit
        tells otherwise than the name of the kind."""
        is_namespaced = self._inventory.is_namespaced(each.id)
        if is_namespaced is None or is_namespaced == bool(each.id.namespace):
            return each
        body = each.body()
        if is_namespaced:
            body["metadata"]["namespace"] = namespace
        else:
            del body["metadata"]["namespace"]
        return manifest.manifest(body, each.origin, each.incomplete, revealed=each.revealed)


def _finishing(wanted: HelmRelease) -> bytes:
    """All that shapes a release after it was rendered."""
    spec = wanted.spec
    parts = (spec.post_renderers, spec.post_render_strategy, spec.common_metadata)
    return msgspec.json.encode(parts)


def _stands_for(lock: Lock, reference: str) -> bool:
    """Whether the lock is of what a version, a manifest digest or a tag such as `latest` names.

    Where a tag that is no version leads cannot be told without the registry.
    """
    known = reference in (lock.version, lock.origin_digest)
    return known or not (versions.is_exact(reference) or reference.startswith("sha256:"))


def _absent(wanted: HelmRelease, address: str, version: str, lock: Lock | None) -> Finding:
    named = f"{address} {version}".strip()
    if lock and lock.chart == address and version.lstrip("v") == lock.app_version.lstrip("v"):
        return finding.warning(
            "helm/version-of-program",
            wanted.origin.source,
            f"{wanted.id}: chart {named} is not in the store: {version} is the version of the "
            f"program in chart {lock.version}, which its lock holds",
            f"ask for the version of the chart, such as {lock.version}",
        )
    held = f", and its lock holds {lock.chart} {lock.version}" if lock else " nor in a lock"
    return finding.note(
        "helm/chart-absent",
        wanted.origin.source,
        f"{wanted.id}: chart {named} is not in the store{held}",
        "run `gitops charts pull`, which fetches all that is missing, or import a copy",
    )


def _refused(release: HelmRelease, reason: str) -> Finding:
    return finding.error(
        "helm/chart-refused",
        release.origin.source,
        f"{release.id} cannot have its chart: {reason}",
        "correct the chart, its version or its source",
    )
