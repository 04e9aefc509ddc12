"""Writes a synthetic Flux repository and its charts, the same bytes every time.

The shape is that of a well-kept platform: per cluster one settings file and one root that lists
units; per unit a Flux Kustomization with dependsOn and substitution, and a folder with a component,
a patch, a generated ConfigMap and mostly a HelmRelease.
"""

import textwrap
from pathlib import Path

CHARTS = 20
TEMPLATES = 15


def write(root: Path, clusters: int, kustomizations: int, releases: int) -> None:
    """A repository with so many Kustomizations and HelmReleases, spread over its clusters."""
    _component(root)
    for cluster in range(clusters):
        name = f"c{cluster}"
        units = _share(kustomizations, clusters, cluster) - 1
        charts = _share(releases, clusters, cluster)
        _cluster(root, name, cluster, units)
        for unit in range(units):
            _unit(root, name, unit, with_release=unit < charts)


def charts(root: Path) -> list[Path]:
    """Chart folders, each with its own set of templates."""
    return [_chart(root / f"chart{number}", number) for number in range(CHARTS)]


def _share(total: int, parts: int, index: int) -> int:
    return total // parts + (1 if index < total % parts else 0)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def _component(root: Path) -> None:
    _put(
        root / "kubernetes/components/monitored/kustomization.yaml",
        """
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        resources:
          - podmonitor.yaml
        labels:
          - pairs:
              monitored: "true"
        """,
    )
    _put(
        root / "kubernetes/components/monitored/podmonitor.yaml",
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata:
          name: ${APP}
        spec:
          selector:
            matchLabels:
              app: ${APP}
          podMetricsEndpoints:
            - port: metrics
              interval: ${SCRAPE:=30s}
        """,
    )


def _cluster(root: Path, name: str, number: int, units: int) -> None:
    folder = root / "kubernetes/clusters" / name
    _put(
        folder / "cluster-settings.yaml",
        f"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: cluster-settings
          namespace: flux-system
        data:
          CLUSTER: {name}
          DOMAIN: {name}.example.org
          POD_CIDR: 10.{number}.0.0/16
        """,
    )
    documents = [_kustomization(name, unit) for unit in range(units)]
    (folder / "units.yaml").write_text("".join(documents), encoding="utf-8")


def _kustomization(cluster: str, unit: int) -> str:
    depends = f"\n  dependsOn:\n    - name: unit{unit - 1}" if unit % 5 else ""
    return (
        textwrap.dedent(
            f"""
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: unit{unit}
          namespace: flux-system
        spec:{{depends}}
          interval: 1h
          path: ./kubernetes/units/{cluster}/unit{unit}
          prune: true
          sourceRef:
            kind: GitRepository
            name: flux-system
          targetNamespace: ns{unit % 10}
          postBuild:
            substitute:
              APP: unit{unit}
            substituteFrom:
              - kind: ConfigMap
                name: cluster-settings
        """
        )
        .lstrip("\n")
        .replace("{depends}", depends)
    )


def _unit(root: Path, cluster: str, unit: int, *, with_release: bool) -> None:
    folder = root / "kubernetes/units" / cluster / f"unit{unit}"
    resources = ["deployment.yaml", "service.yaml"]
    if with_release:
        resources += ["helmrelease.yaml", "ocirepository.yaml"]
        _release(folder, unit)
    listed = "\n".join(f"          - {name}" for name in resources)
    _put(
        folder / "kustomization.yaml",
        f"""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
{listed}
        components:
          - ../../../components/monitored
        patches:
          - path: size.yaml
        configMapGenerator:
          - name: unit{unit}
            files:
              - config.toml
            literals:
              - DOMAIN=$DOMAIN
        """.replace("$DOMAIN", "${DOMAIN}"),
    )
    (folder / "config.toml").write_text('log = "info"\n' * 5, encoding="utf-8")
    _workload(folder, unit)


def _workload(folder: Path, unit: int) -> None:
    _put(
        folder / "deployment.yaml",
        f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: unit{unit}
        spec:
          replicas: 1
          selector:
            matchLabels:
              app: unit{unit}
          template:
            metadata:
              labels:
                app: unit{unit}
            spec:
              containers:
                - name: main
                  image: registry.example.org/unit{unit}:1.2.{unit}
                  env:
                    - name: DOMAIN
                      value: ${{DOMAIN}}
                  envFrom:
                    - configMapRef:
                        name: unit{unit}
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet:
                      path: /ready
                      port: http
        """,
    )
    _put(
        folder / "service.yaml",
        f"""
        apiVersion: v1
        kind: Service
        metadata:
          name: unit{unit}
        spec:
          selector:
            app: unit{unit}
          ports:
            - name: http
              port: 80
              targetPort: http
        """,
    )
    _put(
        folder / "size.yaml",
        f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: unit{unit}
        spec:
          replicas: 3
          template:
            spec:
              containers:
                - name: main
                  resources:
                    requests:
                      cpu: 100m
                      memory: 128Mi
        """,
    )


def _release(folder: Path, unit: int) -> None:
    chart = unit % CHARTS
    _put(
        folder / "ocirepository.yaml",
        f"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata:
          name: unit{unit}
        spec:
          interval: 1h
          url: oci://registry.example.org/charts/chart{chart}
          ref:
            tag: 1.0.{chart}
          layerSelector:
            mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
            operation: copy
        """,
    )
    _put(
        folder / "helmrelease.yaml",
        f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: unit{unit}
        spec:
          interval: 1h
          chartRef:
            kind: OCIRepository
            name: unit{unit}
          values:
            replicas: 2
            image:
              repository: registry.example.org/app{unit}
              tag: 2.0.{unit}
            env:
              DOMAIN: ${{DOMAIN}}
        """,
    )


def _chart(folder: Path, number: int) -> Path:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(
        f"apiVersion: v2\nname: chart{number}\nversion: 1.0.{number}\nappVersion: 2.0.{number}\n",
        encoding="utf-8",
    )
    (folder / "values.yaml").write_text(
        "replicas: 1\nimage:\n  repository: app\n  tag: latest\nenv: {}\nextra: [a, b, c]\n",
        encoding="utf-8",
    )
    (folder / "templates/_names.tpl").write_text(_NAMES, encoding="utf-8")
    for template in range(TEMPLATES):
        text = (_DEPLOYMENT, _SERVICE, _CONFIG)[template % 3].replace("NUMBER", str(template))
        (folder / f"templates/part{template:02}.yaml").write_text(text, encoding="utf-8")
    return folder


_NAMES = """\
{{- define "app.name" -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- define "app.labels" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
"""

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.name" . }}-NUMBER
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app: {{ include "app.name" . }}-NUMBER
  template:
    metadata:
      labels:
        app: {{ include "app.name" . }}-NUMBER
      annotations:
        checksum/values: {{ .Values | toYaml | sha256sum }}
    spec:
      containers:
        - name: main
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ tpl $value $ | quote }}
            {{- end }}
          ports:
            - name: http
              containerPort: 8080
          livenessProbe:
            httpGet:
              path: /live
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
"""

_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ include "app.name" . }}-NUMBER
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  selector:
    app: {{ include "app.name" . }}-NUMBER
  ports:
    - name: http
      port: 80
      targetPort: http
"""

_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "app.name" . }}-NUMBER
  labels:
    {{- include "app.labels" . | nindent 4 }}
data:
  {{- range $index, $item := .Values.extra }}
  item{{ $index }}: {{ $item | upper | quote }}
  {{- end }}
  script.sh: |
    #!/bin/sh
    exec app --replicas {{ .Values.replicas }} --number NUMBER
"""
