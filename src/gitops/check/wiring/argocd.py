"""What Argo CD looks for: Secrets that its settings name, and sources that projects permit.

Source: Argo CD v3, docs/operator-manual/user-management, "Alternative": `$<secret>:<key>` in
argocd-cm takes a key of a Secret of the same namespace, and only of one that has the label
`app.kubernetes.io/part-of: argocd` (util/settings, which lists Secrets by it). What a project lets
an Application have: pkg/apis/application/v1alpha1/app_project_types.go, IsSourcePermitted.
"""

import fnmatch
import re
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot, narrowed
from gitops.check.wiring.producers import Producers
from gitops.model.finding import Finding

_SETTINGS = "argocd-cm"
_FIELDS = ("dex.config", "oidc.config")
_NAMED = re.compile(r"(?<![\w$])\$([a-z0-9][-.a-z0-9]*):([-.\w]+)")
Way = tuple[str | int, ...]

_LABEL, _VALUE = "app.kubernetes.io/part-of", "argocd"


def named(facts: Index) -> Iterator[tuple[Owned, Way, str, str, str]]:
    """What the settings name: the object and the way to it; namespace, name and key."""
    for owned in facts.of("", "ConfigMap"):
        found = owned.manifest.id
        data = mapping(facts.body(owned.manifest).get("data")) if found.name == _SETTINGS else {}
        for field in _FIELDS:
            for name, key in _NAMED.findall(text(data.get(field))):
                yield owned, ("data", field), found.namespace, name, key


def overlooked(facts: Index) -> Iterator[Finding]:
    """Argo CD looks into every Secret that its settings name."""
    producers = facts.view(Producers)
    for owned, way, namespace, name, _ in named(facts):
        makers = producers.of(("", "Secret", namespace, name))
        if makers and all(_lacks(facts, maker) for maker in makers):
            spot = Spot(facts, owned, way)
            mistake = spot.error(
                "secret/overlooked",
                f"{spot.who} names Secret/{namespace}/{name}, which does not get the "
                f"label {_LABEL}: {_VALUE}: Argo CD does not look into it",
                "give the Secret the label where it is made: for an ExternalSecret that is "
                "`target.template.metadata.labels`",
                makers[0],
            )
            settings = text(at(facts.body(owned.manifest), *way))
            yield narrowed(mistake, facts, f"${name}:", settings)


def unpermitted(facts: Index) -> Iterator[Finding]:
    """The project of an Application permits the repositories and the namespace that it names."""
    projects = {
        (each.manifest.id.namespace, each.manifest.id.name): each
        for each in facts.of("argoproj.io", "AppProject")
    }
    for owned in facts.of("argoproj.io", "Application") if projects else ():
        spec = mapping(facts.body(owned.manifest).get("spec"))
        project = projects.get((owned.manifest.id.namespace, text(spec.get("project"))))
        if project is not None:
            allowed = mapping(facts.body(project.manifest).get("spec"))
            for way, wanted, known in _wants(spec, allowed):
                if not _permits(known, wanted):
                    yield Spot(facts, owned, ("spec", *way)).error(
                        "argocd/unpermitted",
                        f"{owned.manifest.id} wants {wanted}, and {project.manifest.id} permits "
                        f"{', '.join(known) or 'none'}: nothing is synchronized",
                        "permit it in the project, or name another project",
                        project,
                    )


def _wants(spec: dict[str, Any], allowed: dict[str, Any]) -> Iterator[tuple[Way, str, list[str]]]:
    """What an Application names, the way to it, and what its project permits."""
    known = [text(each) for each in listing(allowed.get("sourceRepos"))]
    if url := text(at(spec, "source", "repoURL")):
        yield ("source", "repoURL"), url, known
    for number, each in enumerate(listing(spec.get("sources"))):
        if url := text(mapping(each).get("repoURL")):
            yield ("sources", number, "repoURL"), url, known
    spaces = [text(mapping(each).get("namespace")) for each in listing(allowed.get("destinations"))]
    if space := text(at(spec, "destination", "namespace")):
        yield ("destination", "namespace"), space, [each or "*" for each in spaces]


def _permits(known: list[str], wanted: str) -> bool:
    """Whether a pattern is for it, taken as broadly as it may be; an empty list permits nothing."""
    plain = _bare(wanted)
    denied = any(_fits(each[1:], plain) for each in known if each.startswith("!"))
    return not denied and any(_fits(each, plain) for each in known if not each.startswith("!"))


def _fits(pattern: str, wanted: str) -> bool:
    return fnmatch.fnmatchcase(wanted, _bare(pattern)) or "{" in pattern


def _bare(url: str) -> str:
    return url.strip().lower().removesuffix("/").removesuffix(".git")


def _lacks(facts: Index, maker: Owned) -> bool:
    """Whether a Secret certainly has another label than it needs, or none."""
    metadata = mapping(facts.body(maker.manifest).get("metadata"))
    is_told = "labels" in metadata or maker.manifest.incomplete != "made"
    return is_told and at(metadata, "labels", _LABEL) != _VALUE
