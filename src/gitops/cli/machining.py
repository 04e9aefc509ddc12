"""What `gitops check` says of the machines: that of `gitops talos validate`, about the template."""

from collections.abc import Iterator

import msgspec

from gitops.cli import compose
from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.model.machine import Machine, MachineDocument, Pointer
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree
from gitops.talos import documents, judging, rendering
from gitops.talos.documents import Documents
from gitops.talos.rendering import Configuration


def findings(tree: SourceTree, loaded: Loaded) -> Iterator[Finding]:
    """All that is wrong, where machines are configured from the repository. The place is the line
    of the template; beside it stands that of what became of it, for one node of each cluster."""
    if tree.kind(rendering.TEMPLATE) is not Kind.FILE:
        return
    rendered = rendering.render(tree, loaded.estate)
    schema = compose.machine_schemas().of(loaded.estate.versions.talos)
    yield from rendered.findings
    by_path = {each.path: each for each in rendered.configurations}
    seen: set[Finding] = set()
    for found in judging.judge(tree, loaded, rendered.configurations, schema):
        configuration = by_path.get(found.at.path)
        placed = _placed(found, configuration) if configuration else found
        if placed not in seen:
            yield _beside(placed, found.at) if configuration else found
        seen.add(placed)


def machines(tree: SourceTree, loaded: Loaded) -> tuple[Machine, ...]:
    """The machines that are configured from the repository, for rules about who runs on them."""
    if tree.kind(rendering.TEMPLATE) is not Kind.FILE:
        return ()
    rendered = rendering.render(tree, loaded.estate)
    return tuple(_machine(documents.read(each)[0]) for each in rendered.configurations)


def _machine(found: Documents) -> Machine:
    def locate(document: MachineDocument, pointer: Pointer) -> Location:
        at = found.at(found.all[document.number], *pointer)
        return found.configuration.origin(at.line)

    known = tuple(
        MachineDocument(each.kind, each.name, each.value, number)
        for number, each in enumerate(found.all)
    )
    return Machine(found.configuration.cluster, found.configuration.node, known, locate)


def _placed(found: Finding, configuration: Configuration) -> Finding:
    return msgspec.structs.replace(found, at=configuration.origin(found.at.line))


def _beside(placed: Finding, at: Location) -> Finding:
    return msgspec.structs.replace(placed, related=(at, *placed.related))
