"""Compiles one Flux Kustomization, from its source to the objects that Flux would apply."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec

from gitops.build.flux import prepare, variables
from gitops.build.flux.variables import Variables
from gitops.build.flux.version import Features
from gitops.build.pipeline.copies import Watched
from gitops.build.pipeline.lookup import ClusterData
from gitops.build.pipeline.ports import Ports
from gitops.build.pipeline.sourcetrees import Files, SourceTrees
from gitops.build.pipeline.work import Pass, Work
from gitops.model.build import Broken, ChartUse, Outcome, Rendered, Unknown
from gitops.model.cluster import SourceRef
from gitops.model.finding import Finding, Severity
from gitops.model.flux import Kustomization, SubstituteReference
from gitops.model.manifest import Manifest
from gitops.model.secret import holds_placeholder
from gitops.sources.recording import Digests, ReadSet, RecordingTree
from gitops.sources.tree import SourceTree


class Compiled(msgspec.Struct, frozen=True):
    """What became of a unit, and the objects that others may read.

    `attempted` are the objects of a broken unit beside its errors: nobody reads them.
    """

    outcome: Outcome
    manifests: tuple[Manifest, ...] = ()
    findings: tuple[Finding, ...] = ()
    used_variables: tuple[str, ...] = ()
    chart: ChartUse | None = None
    attempted: tuple[Manifest, ...] = ()


class Lack(msgspec.Struct, frozen=True):
    """What a unit reads and is not there. With something fatal among it, Flux would not build;
    Secrets are not fatal, because they may be made by hand."""

    names: frozenset[str]
    is_fatal: bool

    @property
    def is_any(self) -> bool:
        """Whether there is anything."""
        return bool(self.names)


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A compiled Kustomization as the cache holds it, with all that was read for it."""

    reads: ReadSet
    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    used_variables: tuple[str, ...]


_decode = msgspec.msgpack.Decoder(Kept).decode
_encode = msgspec.msgpack.Encoder().encode
_identity = msgspec.msgpack.Encoder(order="deterministic").encode


class KustomizationCompiler:
    """The Kustomizations of one cluster."""

    def __init__(
        self, ports: Ports, sources: SourceTrees, data: ClusterData, features: Features
    ) -> None:
        self._ports = ports
        self._sources = sources
        self._data = data
        self._features = features
        self._memory: dict[int, Digests] = {id(ports.tree): ports.digests}

    def lack(self, wanted: Kustomization) -> Lack:
        """What the unit reads that is not there so far."""
        names: set[str] = set()
        is_fatal = False
        source = _source(wanted)
        if isinstance(self._sources.resolve(source), str):
            names.add(str(source))
            is_fatal = True
        post_build = wanted.spec.post_build
        for reference in post_build.substitute_from if post_build else ():
            if self._data.find(reference.kind, wanted.id.namespace, reference.name) is None:
                names.add(f"{reference.kind}/{reference.name}")
                is_fatal |= not reference.optional and reference.kind != "Secret"
        return Lack(frozenset(names), is_fatal)

    def undeclared(self, wanted: Kustomization) -> SourceRef | None:
        """The source of the unit, if no unit declares it."""
        source = _source(wanted)
        return None if self._sources.is_declared(source) else source

    def compile(self, wanted: Kustomization, *, is_secret: bool) -> Compiled:
        """The unit compiled with what is there. `is_secret` says that its specification holds what
        was decrypted here."""
        files = self._sources.resolve(_source(wanted))
        if isinstance(files, str):
            return Compiled(Unknown(files))
        collected, findings = variables.collect(wanted, self._data)
        kept = self._kept(wanted, files, collected, is_secret or self._is_secret(wanted))
        own = {each: _made(wanted, each, kept.manifests) for each in collected.missing}
        made = {each: found for each, found in own.items() if found is not None}
        if made:
            data = self._data.beside(made.values())
            again = KustomizationCompiler(self._ports, self._sources, data, self._features)
            told = tuple(variables.made_itself(wanted, each) for each in made)
            compiled = again.compile(wanted, is_secret=is_secret)
            return msgspec.structs.replace(compiled, findings=(*told, *compiled.findings))
        findings += tuple(map(_told, kept.findings))
        outcome = _outcome(kept.manifests, findings)
        known = () if isinstance(outcome, Broken) else kept.manifests
        return Compiled(outcome, known, findings, kept.used_variables, attempted=kept.manifests)

    def _kept(
        self, wanted: Kustomization, files: Files, collected: Variables, is_secret: bool
    ) -> Kept:
        """What a build of the unit gives: remembered while nothing that it read has changed."""
        how = self._pass(wanted, collected)
        key = self._key(wanted, files, how)
        digests = self._digests(files.tree)
        data = None if is_secret else self._ports.cache.get("kustomization", key)
        if data is not None:
            kept = _decode(data)
            if kept.reads.matches(digests):
                return kept
        reads = RecordingTree(files.tree, digests)
        others = Watched(self._ports.copies)
        work = Work(wanted, files, files.artifact(reads), how, self._features, is_secret)
        built = self._ports.builder(work, others, self._ports.keyring)
        kept = Kept(reads.reads, built.manifests, built.findings, built.used_variables)
        revealed = any(manifest.revealed for manifest in kept.manifests)
        if not (is_secret or revealed or others.asked):
            self._ports.cache.put("kustomization", key, _encode(kept))
        return kept

    def _digests(self, tree: SourceTree) -> Digests:
        if id(tree) not in self._memory:
            self._memory[id(tree)] = Digests(tree)
        return self._memory[id(tree)]

    def _is_secret(self, wanted: Kustomization) -> bool:
        """Whether variables come from what was decrypted here."""
        post_build = wanted.spec.post_build
        return post_build is not None and any(
            self._data.is_revealed(reference.kind, wanted.id.namespace, reference.name)
            for reference in post_build.substitute_from
        )

    def _pass(self, wanted: Kustomization, collected: Variables) -> Pass:
        post_build = wanted.spec.post_build
        strategy = post_build.substitute_strategy if post_build else ""
        return Pass(
            variables=collected.texts,
            strict=self._features.strict_substitution,
            always=self._features.variables_injected
            or (strategy == "Always" and self._features.substitute_strategy),
            placeholders=frozenset(collected.unknown) | _standing_in(collected),
            is_open=self._is_open(wanted),
            perhaps=tuple(self._perhaps(wanted)),
        )

    def _perhaps(self, wanted: Kustomization) -> Iterator[str]:
        """The optional Secrets that nothing here creates: an operator may, or somebody by hand."""
        post_build = wanted.spec.post_build
        for reference in post_build.substitute_from if post_build else ():
            is_secret = reference.optional and reference.kind == "Secret"
            if is_secret and self._is_absent(wanted, reference):
                yield f"Secret/{reference.name}"

    def _is_open(self, wanted: Kustomization) -> bool:
        """Whether a source of variables may hold keys that nothing here names."""
        post_build = wanted.spec.post_build
        if self._features.variables_injected:
            return True
        return post_build is not None and any(
            self._data.is_open(reference.kind, wanted.id.namespace, reference.name)
            for reference in post_build.substitute_from
            if not (reference.optional and self._is_absent(wanted, reference))
        )

    def _is_absent(self, wanted: Kustomization, reference: SubstituteReference) -> bool:
        return self._data.find(reference.kind, wanted.id.namespace, reference.name) is None

    def _key(self, wanted: Kustomization, files: Files, how: Pass) -> str:
        """All that a build depends on besides the files it reads."""
        parts = (
            self._ports.program,
            wanted.id,
            wanted.origin,
            wanted.spec,
            files.rules,
            files.label,
            sorted(files.names.items()),
            sorted(how.variables.items()),
            (how.strict, how.always, sorted(how.placeholders), how.is_open, how.perhaps),
            self._features,
            self._ports.keyring.fingerprint if wanted.spec.decryption is not None else "",
        )
        return sha256(_identity(parts)).hexdigest()


def _outcome(manifests: tuple[Manifest, ...], findings: tuple[Finding, ...]) -> Outcome:
    wrong = {each.rule for each in findings if each.severity is Severity.ERROR}
    if wrong == {"flux/metadata-not-text"} and not any(map(prepare.is_refused, manifests)):
        wrong = set()
    if wrong:
        return Broken()
    missing = next((each.message for each in findings if each.rule in _FETCHED), None)
    return Rendered(manifests) if missing is None else Unknown(missing, manifests)


_FETCHED = ("kustomize/remote-base", "kustomize/remote-file")
"""What kustomize does not go without, and Flux would fetch."""


def _told(found: Finding) -> Finding:
    """kustomize fails without what is not here; Flux has it, so that nothing need be wrong."""
    soft = found.rule in _FETCHED
    return msgspec.structs.replace(found, severity=Severity.WARNING) if soft else found


def _made(
    wanted: Kustomization, reference: SubstituteReference, manifests: Iterable[Manifest]
) -> Manifest | None:
    """The ConfigMap or Secret that a unit takes variables from, if it is among its own objects."""
    key = ("", reference.kind, wanted.id.namespace, reference.name)
    found = (each for each in manifests if each.id.key == key)
    return next(found, None)


def _standing_in(collected: Variables) -> frozenset[str]:
    """The variables whose texts were made from others that are unknown."""
    return frozenset(name for name, text in collected.texts.items() if holds_placeholder(text))


def _source(wanted: Kustomization) -> SourceRef:
    ref = wanted.spec.source_ref
    return SourceRef(ref.kind, ref.namespace or wanted.id.namespace, ref.name)
