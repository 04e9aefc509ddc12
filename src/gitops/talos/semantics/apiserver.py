"""`cluster.apiServer`: names in its certificate, who people are, Pod Security."""

from collections.abc import Iterator

from gitops.model.finding import Finding
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics.subject import Subject

_AT = ("cluster", "apiServer")
_LEVELS = ("privileged", "baseline", "restricted")


def findings(subject: Subject) -> Iterator[Finding]:
    """What makes people or programs distrust it, or lets anything run."""
    for check in (_names, _people, _pod_security):
        yield from check(subject)


def _names(subject: Subject) -> Iterator[Finding]:
    """Talos adds the node's own addresses, and those of KubePrism."""
    api, found = subject.cluster.api, subject.listing(*_AT, "certSANs")
    for name in (api.host, str(api.address)):
        if name not in found:
            words = f"lacks {name}, by which fleet.yaml says that the API is reached"
            yield subject.error("talos/cert-names", (*_AT, "certSANs"), words, f"add {name}")


def _people(subject: Subject) -> Iterator[Finding]:
    """Source: Kubernetes, `pkg/kubeapiserver/options`: issuer and client go together, and the
    issuer is https. `identity/cluster-access` gives rights to names with the prefix `oidc:`."""
    at = (*_AT, "extraArgs")
    given = subject.mapping(*at)
    issuer = str(given.get("oidc-issuer-url", ""))
    if not issuer.startswith("https://"):
        words = f"is {issuer or 'missing'}, and has to be an https:// address"
        hint = "the realm of Keycloak"
        yield subject.error("talos/oidc", (*at, "oidc-issuer-url"), words, hint)
    if not given.get("oidc-client-id"):
        words = "is missing, and no issuer is used without it"
        yield subject.error("talos/oidc", (*at, "oidc-client-id"), words, "kubernetes")
    for part in ("username", "groups"):
        field = f"oidc-{part}-prefix"
        if given.get(field) != "oidc:":
            words = f"is {given.get(field)!r}, and rights are given to names after `oidc:`"
            yield subject.error("talos/oidc", (*at, field), words, '"oidc:"')


def _pod_security(subject: Subject) -> Iterator[Finding]:
    """Source: Kubernetes, `pod-security.admission.config.k8s.io`: without a configuration, what has
    no label is privileged."""
    at = (*_AT, "admissionControl")
    plugins = {str(each.get("name")): number for number, each in judged.records(subject.get(*at))}
    if "PodSecurity" not in plugins:
        words = "lacks PodSecurity: anything runs where a namespace has no label"
        yield subject.error("talos/pod-security", at, words, "add it, with defaults")
        return
    number = plugins["PodSecurity"]
    found = judged.dig(subject.listing(*at)[number], "configuration", "defaults")
    defaults = found if isinstance(found, dict) else {}
    for mode in ("enforce", "audit", "warn"):
        level = defaults.get(mode, "privileged")
        where = (*at, number, "configuration", "defaults", mode)
        if level not in _LEVELS:
            words = f"is {level!r}; levels are {', '.join(_LEVELS)}"
            yield subject.error("talos/pod-security", where, words, "restricted")
        elif mode == "enforce" and level == "privileged":
            words = "is privileged: anything runs where a namespace has no label"
            yield subject.error("talos/pod-security", where, words, "restricted")
