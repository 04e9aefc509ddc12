"""Rules about HelmReleases and charts."""

from gitops.check import rule

RULES = (
    rule.note(
        "helm/chart-absent",
        "A chart is neither in the store nor in a lock",
        rationale="Nothing dials out while building, so what the release holds is not known.",
        example="# a HelmRelease whose chart was never pulled",
        fix="run `gitops charts pull`, or import a copy.",
    ),
    rule.error(
        "helm/chart-refused",
        "The source of a chart cannot give it",
        rationale="Flux cannot fetch it either, so the release is never installed.",
        example="""
            chart:
              spec:
                chart: ./charts/web # no such folder in the GitRepository
            """,
        fix="correct the chart, its version or its source.",
    ),
    rule.error(
        "helm/invalid-release",
        "A HelmRelease contradicts itself",
        rationale="The API server or helm-controller refuses it.",
        example="""
            spec:
              chart: {spec: {chart: web}}
              chartRef: {kind: OCIRepository, name: web}
            """,
        fix="keep one of the two.",
    ),
    rule.error(
        "helm/missing-values",
        "A reference in valuesFrom leads nowhere",
        rationale="The release fails until the object and the key exist.",
        example="""
            valuesFrom:
              - kind: ConfigMap
                name: web-vales
            """,
        fix="create it, correct the name or the key, or set `optional: true`.",
    ),
    rule.error(
        "helm/target-path",
        "A value cannot be written where targetPath points",
        rationale="""
            Helm's --set syntax is used: commas, brackets and backslashes in the value are syntax.
            """,
        example="""
            valuesFrom:
              - kind: Secret
                name: web
                valuesKey: password # holds a,b
                targetPath: auth.password
            """,
        fix="correct the path, or set `literal: true`.",
    ),
    rule.error(
        "helm/unreadable-values",
        "Values are not a YAML mapping",
        rationale="The release fails; a single value needs a targetPath.",
        example="""
            data:
              values.yaml: just a text
            """,
        fix="write a mapping, or add a targetPath.",
    ),
)
