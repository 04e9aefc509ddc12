"""Rules about what reaches a cluster, whoever sends it."""

from gitops.check.rule import Rule
from gitops.model.finding import Severity

RULES = (
    Rule(
        "object/duplicate",
        Severity.ERROR,
        "Two units apply the same object",
        "Each sets its own owner labels and fields at every reconciliation, so the object never "
        "settles; and the one that prunes it deletes it for the other. A Helm release that finds "
        "an object of another owner fails to install.",
        "# apps/a/kustomization.yaml and apps/b/kustomization.yaml\n"
        "resources:\n"
        "  - ../shared/configmap.yaml",
        "let one unit own the object and make the other depend on it; where sharing is meant, "
        "annotate it with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent.",
    ),
    Rule(
        "object/namespace-missing",
        Severity.ERROR,
        "Objects are sent to a namespace that nothing creates",
        "The API server refuses the object, and Flux then applies nothing at all of the "
        "Kustomization that holds it. Namespaces that Kubernetes and Flux bring are known; where "
        "a part of the cluster cannot be seen, this is a note.",
        "kind: ConfigMap\nmetadata:\n  name: settings\n  namespace: wbe",
        "add the Namespace object, or let the HelmRelease create it with targetNamespace and "
        "install.createNamespace.",
    ),
)
