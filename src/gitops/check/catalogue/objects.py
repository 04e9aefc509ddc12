"""Rules about what reaches a cluster, whoever sends it."""

from gitops.check import rule

RULES = (
    rule.error(
        "object/duplicate",
        "Two units apply the same object",
        rationale="""
            Each sets its own owner labels and fields at every reconciliation, so the object never
            settles; and the one that prunes it deletes it for the other. A Helm release that finds
            an object of another owner fails to install.
            """,
        example="""
            # apps/a/kustomization.yaml and apps/b/kustomization.yaml
            resources:
              - ../shared/configmap.yaml
            """,
        fix="""
            let one unit own the object and make the other depend on it; where sharing is meant,
            annotate it with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent.
            """,
    ),
    rule.outside(
        "object/namespace-missing",
        "Objects are sent to a namespace that nothing creates",
        rationale="""
            The API server refuses the object, and Flux then applies nothing at all of the
            Kustomization that holds it. The namespaces that Kubernetes and Flux bring are known;
            where a part of the cluster cannot be seen, this is a note.
            """,
        example="""
            kind: ConfigMap
            metadata:
              name: settings
              namespace: wbe
            """,
        fix="""
            add the Namespace, or let the HelmRelease create it with targetNamespace and
            install.createNamespace.
            """,
    ),
)
