"""Rules about Flux's own objects."""

from gitops.check import rule

RULES = (
    rule.error(
        "flux/depends-on-cycle",
        "Units wait for each other in a circle",
        rationale="""
            Flux does not look for cycles: each unit waits for the next to become ready, so none of
            them, and nothing that depends on them, is ever applied. Nothing reports an error.
            """,
        example="""
            # a.yaml
            spec:
              dependsOn: [{name: b}]
            # b.yaml
            spec:
              dependsOn: [{name: a}]
            """,
        fix="remove one of the entries; what both need belongs into a third unit.",
    ),
    rule.error(
        "flux/depends-on-missing",
        "A dependsOn entry names an object that does not exist",
        rationale="""
            Flux waits for it without an error and for ever: the unit, and all that wait for it, are
            never applied. A namespace left out means the namespace of the unit itself.
            """,
        example="""
            spec:
              dependsOn:
                - name: databse
            """,
        fix="correct the name or the namespace, or remove the entry.",
    ),
    rule.error(
        "flux/depends-on-wrong-kind",
        "A dependsOn entry names an object of another kind",
        rationale="""
            A Kustomization waits only for Kustomizations and a HelmRelease only for HelmReleases:
            an entry that names one of the other kind is an entry that names nothing.
            """,
        example="""
            kind: Kustomization
            spec:
              dependsOn:
                - name: cert-manager # a HelmRelease
            """,
        fix="name the Kustomization that applies the release, and give that one `wait: true`.",
    ),
    rule.warning(
        "flux/healthcheck-inert",
        "Health check expressions without a health check",
        rationale="""
            The expressions only refine checks that `wait` or `healthChecks` asks for. Without one
            of those the Kustomization is ready as soon as it is applied.
            """,
        example="""
            spec:
              healthCheckExprs:
                - apiVersion: example.org/v1
                  kind: Database
                  current: status.ready
            """,
        fix="set `wait: true`, or list the objects in healthChecks.",
    ),
    rule.error(
        "flux/source-missing",
        "A reference leads to no source",
        rationale="""
            Without its source a Kustomization or a HelmRelease does nothing and only says that it
            waits. A namespace left out means the namespace of the referring object.
            """,
        example="""
            kind: HelmRelease
            spec:
              chartRef:
                kind: OCIRepository
                name: pod-info
            """,
        fix="add the source, or correct kind, name or namespace of the reference.",
    ),
    rule.warning(
        "flux/unused-variable",
        "A setting that nothing uses",
        rationale="""
            A key of a ConfigMap in substituteFrom stands in no object of the cluster. It is left
            over, or the place that should use it has another name for it and takes its default.
            """,
        example="""
            kind: ConfigMap
            data:
              CLUSTER_DOMAIN: example.org # used as ${DOMAIN:=local}
            """,
        fix="remove the key, or correct its name.",
    ),
)
