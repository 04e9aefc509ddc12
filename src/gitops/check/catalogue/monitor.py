"""Rules about what is scraped."""

from gitops.check import rule

RULES = (
    rule.warning(
        "monitor/label-unknown",
        "A scrape reads a label that discovery does not give",
        rationale="""
            A label that is not there is empty, and so is what is made of it; a step that keeps
            targets by it drops them all. Nothing reports it.
            """,
        example="""
            relabelings:
              - sourceLabels: [__meta_kubernetes_pod_node] # it is called …_pod_node_name
                targetLabel: node
            """,
        fix="use a label of the kubernetes_sd_config of Prometheus.",
    ),
    rule.whole(
        "monitor/not-scraped",
        "No scraper picks up a monitor",
        rationale="""
            Prometheus takes only monitors with the labels and in the namespaces that its selectors
            ask for, VMAgent likewise. The metrics are missing, and so are alerts that rest on them.
            """,
        example="""
            # the Prometheus has serviceMonitorSelector.matchLabels: {release: main}
            kind: ServiceMonitor
            metadata:
              labels:
                release: mian
            """,
        fix="give the monitor the labels, or widen the selector of the scraper.",
    ),
    rule.whole(
        "monitor/port-missing",
        "A monitor scrapes a port that nothing it selects has",
        rationale="""
            Targets are found by the name of a port: of the Service for a ServiceMonitor, of the
            container for a PodMonitor. A name that is not there gives no target and no error.
            """,
        example="""
            # the port of the Service is called http-metrics
            endpoints:
              - port: metrics
            """,
        fix="use the name that the Service or the container gives its port.",
    ),
    rule.whole(
        "monitor/rule-not-loaded",
        "Nothing evaluates a set of alerts",
        rationale="""
            No Prometheus, ThanosRuler or VMAlert selects it: its alerts never fire, and its
            recorded series do not exist.
            """,
        example="""
            # the Prometheus has ruleSelector.matchLabels: {role: alerts}
            kind: PrometheusRule
            metadata:
              labels: {}
            """,
        fix="give it the labels, or widen the ruleSelector.",
    ),
    rule.whole(
        "monitor/selects-nothing",
        "A monitor selects nothing",
        rationale="""
            A ServiceMonitor selects Services by the labels of the Service and not of its pods, and
            looks only into its own namespace unless it is told others.
            """,
        example="""
            # the Service has the label app: web
            kind: ServiceMonitor
            spec:
              selector:
                matchLabels:
                  app: wbe
            """,
        fix="correct the labels, or name the namespace in namespaceSelector.",
    ),
    rule.warning(
        "monitor/twice",
        "Two scrapes ask the same nodes for the same",
        rationale="""
            One of them was copied from the other: every series is there twice, under another job,
            and what the second was meant for is not there at all.
            """,
        example="""
            kind: VMNodeScrape
            metadata:
              name: cadvisor
            spec:
              path: /metrics # as in the one of the kubelet; it is /metrics/cadvisor
            """,
        fix="correct the path or the port, or remove one.",
    ),
    rule.warning(
        "monitor/not-converted",
        "Monitors of Prometheus's kinds are converted by nobody, and nobody reads them",
        rationale="""
            The operator of VictoriaMetrics turns them into its own kinds. Where it is told not to,
            and no Prometheus runs, nothing is scraped and no alert is judged.
            """,
        example="""
            # values of the operator's chart
            operator: {disable_prometheus_converter: true}
            """,
        fix="leave the conversion on, or write VMServiceScrape and VMRule.",
    ),
)
