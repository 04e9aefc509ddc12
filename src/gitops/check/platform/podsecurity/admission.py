"""Pods against the level of their namespace."""

from collections.abc import Iterator

from gitops.check import index, pods
from gitops.check.fields import at, mapping
from gitops.check.index import Index, Owned
from gitops.check.platform.podsecurity import labels, standards
from gitops.check.platform.podsecurity.labels import Asked, Policy
from gitops.check.platform.podsecurity.pod import Pod, Violation
from gitops.check.pods import Template
from gitops.model import finding, semver
from gitops.model.finding import Finding

_VOLUMES = ("hostPathVolumes", "restrictedVolumes")


def refused(facts: Index) -> Iterator[Finding]:
    """The level that a namespace enforces admits every pod that is made there.

    Pods of which only a part is known, those of locks and those that controllers make, are left
    out: what is not known of them may be what the level asks for.
    """
    minor = _minor(facts)
    for name, templates in _by_namespace(facts).items():
        namespace = facts.find("", "Namespace", "", name)
        if namespace is not None:
            policy = labels.policy(_labels(facts, namespace), minor)
            for template in templates:
                yield from _judged(facts, namespace, template, policy)


def labelled(facts: Index) -> Iterator[Finding]:
    """The labels for Pod Security have values that the API server takes."""
    for namespace in facts.of("", "Namespace"):
        given = mapping(at(facts.body(namespace.manifest), "metadata", "labels"))
        for name, expected in labels.wrong(given):
            mistake = finding.error(
                "pod-security/label",
                facts.at(namespace, "metadata", "labels", name),
                f"{namespace.manifest.id} has {name}: {given[name]!r}: the API server refuses it",
                f"its value is {expected}",
            )
            yield index.about(namespace.manifest.id, mistake)


def _by_namespace(facts: Index) -> dict[str, list[Template]]:
    found: dict[str, list[Template]] = {}
    for template in pods.templates(facts):
        if not template.owner.manifest.incomplete:
            found.setdefault(template.namespace, []).append(template)
    return found


def _judged(
    facts: Index, namespace: Owned, template: Template, policy: Policy
) -> Iterator[Finding]:
    pod = Pod(template.template)
    if bad := standards.violations(policy.enforce.level, policy.enforce.minor, pod):
        yield _refused(facts, namespace, template, policy.enforce, bad)
        return
    for asked in dict.fromkeys((policy.warn, policy.audit)):
        if bad := standards.violations(asked.level, asked.minor, pod):
            yield _warned(facts, namespace, template, asked, bad)
            return


def _refused(
    facts: Index, namespace: Owned, template: Template, asked: Asked, bad: tuple[Violation, ...]
) -> Finding:
    owner = template.owner.manifest
    mistake = finding.error(
        "pod-security/refused",
        facts.at(template.owner, *template.pointer, *bad[0].way),
        f"{owner.id}: {namespace.manifest.id} enforces {asked.level}, which refuses its pods: "
        f"{'; '.join(map(words, bad))}",
        "change the pod, or, if it needs this, the label of the namespace",
        namespace.manifest.origin.source,
    )
    return index.about(owner.id, mistake)


def _warned(
    facts: Index, namespace: Owned, template: Template, asked: Asked, bad: tuple[Violation, ...]
) -> Finding:
    owner = template.owner.manifest
    mistake = finding.warning(
        "pod-security/warned",
        facts.at(template.owner, *template.pointer, *bad[0].way),
        f"{owner.id}: {namespace.manifest.id} warns of what {asked.level} refuses: "
        f"{'; '.join(map(words, bad))}",
        "change the pod before the level is enforced",
        namespace.manifest.origin.source,
    )
    return index.about(owner.id, mistake)


def words(found: Violation) -> str:
    """A violation as part of a sentence."""
    names = [name for name in found.setters if name != "pod"]
    noun = "volume" if found.control in _VOLUMES else "container"
    subjects = ["the pod"] if "pod" in found.setters else []
    subjects += [f"{noun}{'s' * (len(names) > 1)} {', '.join(names)}"] if names else []
    values = f" ({', '.join(found.values)})" if any(found.values) else ""
    return f"{' and '.join(subjects)} {found.words}{values}"


def _labels(facts: Index, namespace: Owned) -> dict[str, str]:
    return mapping(at(facts.body(namespace.manifest), "metadata", "labels"))


def _minor(facts: Index) -> int:
    version = semver.parse(facts.knowledge.kube_version)
    return version.minor if version else 0
