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
    rule.outside(
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
    rule.note(
        "helm/cluster-lookup",
        "A chart may look at the live cluster",
        rationale="""
            Its templates call `lookup`, which finds nothing here, so the cluster may get other
            objects.
            """,
        example='{{ lookup "v1" "Secret" .Release.Namespace "web" }}',
        fix="give the values that the chart would look up.",
    ),
    rule.note(
        "helm/damaged-chart",
        "A chart in the store is damaged",
        rationale="It counts as if it were not here, so its releases are unknown or locked.",
        example="# an archive in the cache folder that is shorter than it was",
        fix="run `gitops charts pull`, or import a copy again.",
    ),
    rule.error(
        "helm/duplicate-object",
        "A release gives the same object twice",
        rationale="""
            Flux refuses what the chart renders; hooks and ordinary objects may share a name only
            apart.
            """,
        example="# two templates that both render the ConfigMap web",
        fix="correct the values that shape one of them, or the chart.",
    ),
    rule.warning(
        "helm/ignored-crd-file",
        "A chart has something else than definitions among its CRDs",
        rationale="""
            Flux installs CustomResourceDefinitions from the crds folder and leaves out all else.
            """,
        example="# crds/namespace.yaml",
        fix="apply it by other means, or ask the chart's authors to move it.",
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
        "helm/layer",
        "A release takes its chart from a layer that is none",
        rationale="""
            Flux takes the first layer of the type that an OCIRepository selects. An artifact of a
            chart has no layer of another type than that of charts: the source is never ready, and
            no release of it is installed.
            """,
        example="""
            # OCIRepository
            layerSelector:
              mediaType: application/vnd.cncf.helm.chart.v1.tar+gzip
              operation: copy
            """,
        fix="select application/vnd.cncf.helm.chart.content.v1.tar+gzip.",
    ),
    rule.warning(
        "helm/layer-unpacked",
        "A chart is unpacked and packed again, unlike all others",
        rationale="""
            Without `operation: copy` Flux unpacks the layer of a chart, leaves out the files that
            it excludes by default, such as pictures and archives, and packs the rest again. What
            is installed is no longer the chart that was published and signed.
            """,
        example="""
            # OCIRepository
            layerSelector:
              mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
              operation: extract
            """,
        fix="set layerSelector.operation to copy.",
    ),
    rule.outside(
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
    rule.note(
        "helm/random-values",
        "A chart draws random values",
        rationale="""
            They differ with every rendering, and each upgrade changes what uses them. Placeholders
            stand for them here.
            """,
        example="{{ randAlphaNum 16 }}",
        fix="give such values yourself, usually as an existing Secret.",
    ),
    rule.outside(
        "helm/render",
        "A chart does not render",
        rationale="helm-controller fails in the same way, and the release stays as it was.",
        example="""
            values:
              replicas: many # the chart wants a number
            """,
        fix="correct the values, or take another version of the chart.",
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
    rule.note(
        "helm/unchecked-values",
        "The values of a release are not fully checked",
        rationale="The chart's schema refers to another document that is not here.",
        example='{"$ref": "https://example.org/schema.json"}',
        fix="nothing has to be done; Helm checks them in the cluster.",
    ),
    rule.error(
        "helm/unnamed-object",
        "A chart gives an object without a kind or a name",
        rationale="Flux refuses what the chart renders.",
        example="""
            metadata:
              name: {{ .Values.name }} # which is not set
            """,
        fix="correct the values that shape it, or the chart.",
    ),
    rule.warning(
        "helm/unread-value",
        "A value that the chart never reads",
        rationale="""
            Helm passes over values that no template asks for: a key that is misspelt, in the wrong
            place, or left over from an older chart does nothing, in silence. It is told only where
            the chart is in the store, does not seem to know the key, and renders the same without
            it and with another value in its place.
            """,
        example="""
            values:
              server:
                resorces:
                  requests:
                    memory: 256Mi
            """,
        fix="correct the name or the place, which the chart's own values.yaml tells.",
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
    rule.warning(
        "helm/version-of-program",
        "A chart is asked for by the version of its program",
        rationale="""
            A chart has a version of its own, and its appVersion is that of the program. The chart
            of this version is not in the store, and the lock knows the number as an appVersion.
            """,
        example="""
            # version 0.29.0 of the chart installs CloudNativePG 1.30.0
            ref:
              tag: 1.30.0
            """,
        fix="ask for the version of the chart.",
    ),
)
