"""Which files a Flux source stands for."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from gitops.build.pipeline import artifacts, copies
from gitops.build.pipeline.inventory import Inventory
from gitops.model import flux
from gitops.model.cluster import SourceRef, Sync
from gitops.model.manifest import Manifest
from gitops.sources import ignore
from gitops.sources.tree import SourceTree


class Files(msgspec.Struct, frozen=True):
    """The files of a source: a tree, what its artifact leaves out, and how a reader knows them.

    `rules` is the source's `spec.ignore`; `composed` says that the tree is an artifact already.
    `label` is put before paths of a tree that is not this repository; `names` maps paths of a
    composed tree to paths of the repository.
    """

    tree: SourceTree
    rules: str | None = None
    composed: bool = False
    label: str = ""
    names: Mapping[str, str] = {}

    def artifact(self, reads: SourceTree | None = None) -> SourceTree:
        """What source-controller would pack; `reads` is the tree to ask instead of `tree`."""
        tree = reads or self.tree
        return tree if self.composed else ignore.IgnoringTree(tree, self.rules)

    @property
    def is_plain(self) -> bool:
        """Whether every path is a path of this repository already."""
        return not self.label and not self.names

    def known_as(self, path: str) -> str:
        """A path of the tree as the reader knows it."""
        return self.names.get(path, self.label + path)


class SourceTrees:
    """The trees of one cluster's sources.

    The sync's own source is the repository; so is every other source with the same address or with
    the address of one of the repository's remotes.
    """

    def __init__(
        self,
        repository: SourceTree,
        sync: Sync,
        remotes: Callable[[], Sequence[str]],
        held: copies.Copies,
        inventory: Inventory,
    ) -> None:
        self._repository = repository
        self._sync = sync
        self._remotes = remotes
        self._held = held
        self._inventory = inventory
        self._artifacts: dict[SourceRef, Files] = {}

    def resolve(self, ref: SourceRef) -> Files | str:
        """The files of a source, or why they are not here, for a person."""
        manifest = self._inventory.find(ref.kind, ref.namespace, ref.name)
        if manifest is None:
            return self._unlisted(ref)
        if ref.kind == "ExternalArtifact":
            return f"{ref} is made by something other than an ArtifactGenerator"
        source, _ = flux.parse(manifest)
        match source:
            case flux.GitRepository(_, _, spec) | flux.OCIRepository(_, _, spec):
                return self._fetched(ref, spec.url, spec.ignore)
            case flux.Bucket(_, _, spec):
                return self._fetched(ref, f"{spec.endpoint}/{spec.bucket_name}", spec.ignore)
            case _:
                return f"{ref} is not a source of files"

    def is_declared(self, ref: SourceRef) -> bool:
        """Whether some unit gives the source."""
        return self._inventory.find(ref.kind, ref.namespace, ref.name) is not None

    def _unlisted(self, ref: SourceRef) -> Files | str:
        """A source that no manifest declares: the sync's own, or a generated artifact."""
        if ref == self._sync.source:
            return Files(self._repository)
        if ref.kind == "ExternalArtifact":
            return self._artifacts.get(ref) or self._composed(ref)
        return f"{ref} is declared nowhere in this cluster"

    def _fetched(self, ref: SourceRef, url: str, rules: str | None) -> Files | str:
        address = copies.address(url)
        if ref == self._sync.source or self._is_own(address):
            return Files(self._repository, rules)
        copy = self._held.repository(url)
        if copy is None:
            return f"{ref} is another repository, {url}: name a local copy with --source"
        return Files(copy, rules, label=f"{address}//")

    def _is_own(self, address: str) -> bool:
        return address in {copies.address(url) for url in (self._sync.url, *self._remotes()) if url}

    def _composed(self, ref: SourceRef) -> Files | str:
        for generator in self._inventory.of_kind("ArtifactGenerator"):
            if generator.id.namespace != ref.namespace:
                continue
            try:
                spec = msgspec.convert(generator.body().get("spec"), artifacts.Spec)
            except msgspec.ValidationError as cause:
                return f"{generator.id} is not valid: {cause}"
            for artifact in spec.artifacts:
                if artifact.name == ref.name:
                    return self._compose(ref, generator, spec, artifact)
        return f"{ref} is made by no ArtifactGenerator of this cluster"

    def _compose(
        self,
        ref: SourceRef,
        generator: Manifest,
        spec: artifacts.Spec,
        artifact: artifacts.Artifact,
    ) -> Files | str:
        if spec.path_pattern:
            return f"{generator.id} uses pathPattern, which is not reproduced here"
        parts: dict[str, tuple[SourceTree, Files]] = {}
        for source in spec.sources:
            namespace = source.namespace or generator.id.namespace
            found = self.resolve(SourceRef(source.kind, namespace, source.name))
            if isinstance(found, Files):
                parts[source.alias] = (found.artifact(), found)
        tree = artifacts.compose(artifact, {alias: part[0] for alias, part in parts.items()})
        if isinstance(tree, str):
            return f"{generator.id} cannot be composed: {tree}"
        owners = {id(whole): files for whole, files in parts.values()}
        names = {
            path: owners[id(origin)].known_as(place)
            for path, (origin, place) in tree.places.items()
        }
        files = Files(tree, composed=True, names=names)
        self._artifacts[ref] = files
        return files
