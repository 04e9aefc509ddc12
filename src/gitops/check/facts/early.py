"""What is made before Flux, and what Flux then follows: both fit what the repository says.

Source: flux-operator, FluxInstance `spec.sync.ref`: a reference of Git, `refs/heads/main`.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from gitops.check import building, index
from gitops.check.fields import at, text
from gitops.check.index import Index, Owned
from gitops.estate.loading import Loaded
from gitops.model import finding
from gitops.model.finding import Finding

_SYNC = ("spec", "sync")
_HEADS = "refs/heads/"


def secrets(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Secrets of the bootstrap are among what `outside` names: rules take all others for missing
    where something reads them, so nothing does."""
    held = clusters[0].knowledge.helmfiles if clusters else None
    for made in held.early.secrets if held else ():
        namespace, _, name = made.name.partition("/")
        outside = f"Secret/{made.name}" in clusters[0].knowledge.outside
        if not outside and not any(f.find("", "Secret", namespace, name) for f in clusters):
            yield finding.warning(
                "bootstrap/secret",
                made.at,
                f"the bootstrap makes Secret/{made.name}, which `outside` of gitops.toml does not "
                "name: nothing in a cluster is known to read it",
                "correct the name, list it in `outside`, or leave it out",
            )


def branches(clusters: Sequence[Index]) -> Iterator[Finding]:
    """The bootstrap and Flux itself follow one branch of one repository."""
    for facts in clusters:
        loaded = facts.knowledge.estate
        if loaded and facts.cluster.name in loaded.estate.clusters:
            for owned in facts.of("fluxcd.controlplane.io", "FluxInstance"):
                yield from _branch(facts, loaded, owned)


def _branch(facts: Index, loaded: Loaded, owned: Owned) -> Iterator[Finding]:
    git, body = loaded.estate.git, facts.body(owned.manifest)
    ref, url = (text(at(body, *_SYNC, field)) for field in ("ref", "url"))
    wrong = {
        "ref": (ref, f"{_HEADS}{git.branch}", "branch") if ref.startswith(_HEADS) else None,
        "url": (url, git.url, "url") if url else None,
    }
    for field, given in wrong.items():
        if given and given[0] != given[1]:
            who = owned.manifest.id
            mistake = finding.error(
                "bootstrap/branch",
                facts.at(owned, *_SYNC, field),
                f"{who} has Flux follow {given[0]}, and by fleet.yaml it is {given[1]}: what the "
                "bootstrap installs comes from elsewhere than what follows",
                "correct one of the two",
                loaded.at("git", given[2]),
            )
            yield index.about(who, building.within(facts.cluster, mistake))


_ALIKE = 0.9
"""How alike two paths are of which one is a slip of the other."""


def paths(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Flux follows the folder that the cluster is compiled from. Told is of a path that nearly is
    this folder: another one may be in another repository."""
    for facts in clusters:
        entry = facts.cluster.entry.strip("/")
        for owned in facts.of("fluxcd.controlplane.io", "FluxInstance"):
            path = text(at(facts.body(owned.manifest), *_SYNC, "path"))
            given = path.removeprefix("./").strip("/")
            if given != entry and SequenceMatcher(None, given, entry).ratio() >= _ALIKE:
                who = owned.manifest.id
                mistake = finding.warning(
                    "bootstrap/path",
                    facts.at(owned, *_SYNC, "path"),
                    f"{who} has Flux follow the folder {path}, and this cluster is in {entry}",
                    f"did you mean {entry!r}?",
                )
                yield index.about(who, building.within(facts.cluster, mistake))


FLEET_RULES = (secrets, branches, paths)
