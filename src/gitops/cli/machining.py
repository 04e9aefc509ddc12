"""What `gitops check` says of the machines: that of `gitops talos validate`, about the template."""

from collections.abc import Iterator

import msgspec

from gitops.cli import compose
from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree
from gitops.talos import judging, rendering


def findings(tree: SourceTree, loaded: Loaded) -> Iterator[Finding]:
    """All that is wrong, where machines are configured from the repository. The place is the
    template; beside it stands the line of what became of it."""
    if tree.kind(rendering.TEMPLATE) is not Kind.FILE:
        return
    rendered = rendering.render(tree, loaded.estate)
    schema = compose.machine_schemas().of(loaded.estate.versions.talos)
    paths = {each.path for each in rendered.configurations}
    yield from rendered.findings
    for found in judging.judge(tree, loaded, rendered.configurations, schema):
        yield _of_template(found) if found.at.path in paths else found


def _of_template(found: Finding) -> Finding:
    related = (found.at, *found.related)
    return msgspec.structs.replace(found, at=Location(rendering.TEMPLATE), related=related)
