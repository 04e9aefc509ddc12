"""One kustomization: what it gathers, in kustomize's order.

Resources, then generators, then components, then transformers, then validators. A base is a world
of its own until it is done; a component works on what its kustomization has gathered so far.
"""

from collections.abc import Iterable

from gitops.build.kustomize import (
    config,
    generating,
    lineage,
    loading,
    objects,
    plugins,
    settings,
    transforming,
    variables,
)
from gitops.build.kustomize.config import Config
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.kustomization import Entry, Kustomization
from gitops.build.kustomize.lineage import Lineage
from gitops.build.kustomize.loading import Chain, Reference
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Key, Resource
from gitops.build.kustomize.state import State
from gitops.build.kustomize.variables import Variable
from gitops.model.origin import Step
from gitops.sources.tree import Kind


class Gathered:
    """Resources, and what is to be done with them once all are there."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self.config: Config = config.NOTHING
        self.variables: dict[str, Variable] = {}


def gather(
    state: State,
    around: Chain,
    found: Kustomization,
    origin: Lineage | None,
    into: Gathered | None = None,
) -> Gathered:
    """Everything that a kustomization gives; a component adds to what is gathered already."""
    settings.set_types(state, found)
    gathered = into or Gathered()
    _Target(state, around, found, origin, gathered).gather()
    return gathered


class _Target:
    """A kustomization at work."""

    def __init__(
        self,
        state: State,
        around: Chain,
        found: Kustomization,
        origin: Lineage | None,
        gathered: Gathered,
    ) -> None:
        self.state = state
        self.kustomization = found
        self.chain = (*around, (found.place.prefix, found.place.folder))
        self.origin = origin
        self.gathered = gathered

    def asked(self, pointer: Entry, action: str = "resource") -> Directive:
        return Directive(self.state, self.kustomization, pointer, action)

    def gather(self) -> None:
        """Does everything that the kustomization asks for, in order."""
        gathered = self.gathered
        self.add_resources(gathered, self.kustomization.entries("resources"))
        gathered.config = settings.configure(self.state, self.kustomization, gathered.config)
        self.generate()
        for pointer, entry in self.kustomization.entries("components"):
            self.add_component(self.asked(pointer, "component"), entry)
        gathered.resources = transforming.run(
            self.state, self.kustomization, gathered.resources, gathered.config, self.origin
        )
        self.run_plugins()
        for pointer, entry in self.kustomization.entries("vars"):
            asked = self.asked(pointer)
            variables.declare(asked, gathered.variables, gathered.resources, entry)

    def generate(self) -> None:
        """Runs the generators: those of the fields, then those that are plugins."""
        generating.run(self.asked(()), self.gathered.resources, self.origin)
        for asked, resource in self.plugins("generators", "generator"):
            made = plugins.generate(asked, resource)
            if made is not None:
                if self.origin is not None:
                    lineage.set_generated(made, resource)
                generating.absorb(asked, self.gathered.resources, made)
        for field in ("helmCharts", "helmChartInflationGenerator"):
            if self.kustomization.body.get(field):
                hint = "use a HelmRelease; under Flux, kustomize does not inflate charts"
                problem = Problem("charts are not inflated here", hint)
                self.asked((field,)).problem("kustomize/unsupported", problem)

    def run_plugins(self) -> None:
        """Runs the transformers and validators that are plugins."""
        gathered = self.gathered
        for asked, resource in self.plugins("transformers", "transformer"):
            gathered.resources = plugins.transform(asked, gathered.resources, resource)
            if self.origin is not None:
                lineage.add_configured(gathered.resources, resource)
        for asked, resource in self.plugins("validators", "transformer"):
            plugins.validate(asked, gathered.resources, resource)

    def plugins(self, field: str, action: str) -> list[tuple[Directive, Resource]]:
        """The objects that configure plugins: first those given inline, then those in files."""
        inline, named = Gathered(), Gathered()
        places: dict[int, Directive] = {}
        file = self.kustomization.file
        for pointer, entry in self.kustomization.entries(field):
            parsed, findings = objects.parse(entry.encode(), file.path)
            if not findings:
                name = self.kustomization.path.rpartition("/")[2]
                made = self.resources([(body, file) for body, _ in parsed], name)
                self.append(inline, self.asked(pointer), made)
                places.update((id(resource), self.asked(pointer, action)) for resource in made)
            else:
                self.add_resources(named, [(pointer, entry)])
        for resource in named.resources:
            at = resource.source
            places[id(resource)] = Directive(self.state, self.kustomization, (field,), action, at)
        return [(places[id(each)], each) for each in (*inline.resources, *named.resources)]

    def add_resources(self, gathered: Gathered, entries: Iterable[tuple[Entry, str]]) -> None:
        """Adds the objects of files and of bases."""
        keys = {resource.key: resource for resource in gathered.resources}
        for pointer, entry in entries:
            asked = self.asked(pointer)
            reference = loading.refer(asked, entry)
            if reference is None:
                continue
            step = Step("resource", self.kustomization.file, entry)
            if reference.kind is Kind.FILE:
                added = self.resources(loading.read(asked, reference), entry)
            else:
                added = self.base(asked, reference, entry, gathered)
            for resource in added:
                resource.steps.append(step)
            self.append(gathered, asked, added, keys)

    def base(
        self, asked: Directive, reference: Reference, entry: str, gathered: Gathered
    ) -> list[Resource]:
        """The resources of a base; its configuration and variables join ours."""
        found = loading.enter(asked, self.chain, reference)
        if found is None:
            return []
        if found.is_component:
            message = f"{entry} is a Component and not a Kustomization"
            _misplaced(asked, found, message, "list it under components")
            return []
        below = gather(self.state, self.chain, found, self.below(entry))
        merged = config.merge(gathered.config, below.config)
        if isinstance(merged, Problem):
            asked.problem("kustomize/configuration", merged)
        else:
            gathered.config = merged
        for variable in below.variables.values():
            variables.add(gathered.variables, variable)
        return below.resources

    def add_component(self, asked: Directive, entry: str) -> None:
        """Lets a component work on what is gathered."""
        reference = loading.refer(asked, entry)
        found = reference and loading.enter(asked, self.chain, reference)
        if not found:
            return
        if not found.is_component:
            _misplaced(asked, found, f"{entry} is not a Component", "list it under resources")
            return
        before = set(map(id, self.gathered.resources))
        gather(self.state, self.chain, found, self.below(entry), self.gathered)
        step = asked.step
        for resource in self.gathered.resources:
            if id(resource) not in before:
                resource.steps.append(step)
        asked.refuse_collisions(self.gathered.resources)

    def below(self, entry: str) -> Lineage | None:
        """The lineage of what the entry leads to, if lineages are kept."""
        return self.origin and self.origin.then(entry)

    def resources(self, read: Iterable[objects.Read], entry: str) -> list[Resource]:
        """Resources from what was read."""
        made = [Resource(body, at, self.state.is_cluster_scoped) for body, at in read]
        if self.origin is not None:
            origin = self.origin.then(entry).fields()
            for resource in made:
                lineage.set_origin(resource, origin)
        return made

    def append(
        self,
        gathered: Gathered,
        asked: Directive,
        added: Iterable[Resource],
        keys: dict[Key, Resource] | None = None,
    ) -> None:
        """Adds resources whose ids nothing has yet. Where no file names them, because Flux makes
        the list, the second is where a mistake is."""
        if keys is None:
            keys = {resource.key: resource for resource in gathered.resources}
        for resource in added:
            other = keys.setdefault(resource.key, resource)
            if other is resource:
                gathered.resources.append(resource)
                continue
            listed = asked.at.line > 0
            asked.state.error(
                "kustomize/duplicate-id",
                asked.at if listed else resource.source,
                f"{asked.name}: {resource} of {resource.source} is already in {other.source}",
                "remove one, or give one of the bases a prefix or a namespace",
                *([resource.source] if listed else []),
                other.source,
            )


def _misplaced(asked: Directive, found: Kustomization, message: str, hint: str) -> None:
    """Report a kustomization in a list for the other kind; either may be the mistake."""
    where = (asked.at, f"{asked.name}: {message}", hint, found.at("kind"))
    asked.state.error("kustomize/wrong-kind", *where)
