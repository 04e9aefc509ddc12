"""Rules about Flux's own objects."""

from gitops.check.rule import Rule
from gitops.model.finding import Severity

RULES = (
    Rule(
        "flux/depends-on-cycle",
        Severity.ERROR,
        "Units wait for each other in a circle",
        "Flux does not look for cycles: each unit waits for the next to become ready, so none of "
        "them, and nothing that depends on them, is ever applied. Nothing reports an error.",
        "# a.yaml\nspec:\n  dependsOn: [{name: b}]\n# b.yaml\nspec:\n  dependsOn: [{name: a}]",
        "remove one of the entries; what both need belongs into a third unit.",
    ),
    Rule(
        "flux/depends-on-missing",
        Severity.ERROR,
        "dependsOn names an object that does not exist",
        "Flux waits for it without an error and for ever: the unit, and all that wait for it, are "
        "never applied. A namespace left out means the namespace of the unit itself.",
        "spec:\n  dependsOn:\n    - name: databse",
        "correct the name or the namespace, or remove the entry.",
    ),
    Rule(
        "flux/depends-on-wrong-kind",
        Severity.ERROR,
        "dependsOn names an object of another kind",
        "A Kustomization waits only for Kustomizations and a HelmRelease only for HelmReleases: "
        "an entry that names one of the other kind is an entry that names nothing.",
        "kind: Kustomization\nspec:\n  dependsOn:\n    - name: cert-manager # a HelmRelease",
        "name the Kustomization that applies the release, and give that one `wait: true`.",
    ),
    Rule(
        "flux/healthcheck-inert",
        Severity.WARNING,
        "healthCheckExprs without a health check",
        "The expressions only refine checks that `wait` or `healthChecks` asks for. Without one of "
        "those the Kustomization is ready as soon as it is applied.",
        "spec:\n  healthCheckExprs:\n    - apiVersion: example.org/v1\n      kind: Database\n"
        "      current: status.ready",
        "set `wait: true`, or list the objects in healthChecks.",
    ),
    Rule(
        "flux/source-missing",
        Severity.ERROR,
        "A reference leads to no source",
        "Without its source a Kustomization or a HelmRelease does nothing and only says that it "
        "waits. A namespace left out means the namespace of the referring object.",
        "kind: HelmRelease\nspec:\n  chartRef:\n    kind: OCIRepository\n    name: pod-info",
        "add the source, or correct kind, name or namespace of the reference.",
    ),
    Rule(
        "flux/unused-variable",
        Severity.WARNING,
        "A setting that nothing uses",
        "A key of a ConfigMap in substituteFrom stands in no object of the cluster. It is left "
        "over, or the place that should use it has another name for it and takes its default.",
        "kind: ConfigMap\ndata:\n  CLUSTER_DOMIAN: example.org # used as ${CLUSTER_DOMAIN:=local}",
        "remove the key, or correct its name.",
    ),
)
