"""Secrets that the settings of Argo CD name.

Source: Argo CD v3, docs/operator-manual/user-management, "Alternative": `$<secret>:<key>` in
argocd-cm takes a key of a Secret of the same namespace, and only of one that has the label
`app.kubernetes.io/part-of: argocd` (util/settings, which lists Secrets by it).
"""

import re
from collections.abc import Iterator

from gitops.check.fields import at, mapping, text
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


def _lacks(facts: Index, maker: Owned) -> bool:
    """Whether a Secret certainly has another label than it needs, or none."""
    metadata = mapping(facts.body(maker.manifest).get("metadata"))
    is_told = "labels" in metadata or maker.manifest.incomplete != "made"
    return is_told and at(metadata, "labels", _LABEL) != _VALUE
