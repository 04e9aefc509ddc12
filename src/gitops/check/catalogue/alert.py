"""Rules about alerts and dashboards."""

from gitops.check import rule

RULES = (
    rule.error(
        "alert/duration",
        "An alert waits for what is no span of time",
        rationale="""
            Prometheus wants whole numbers with units from large to small; VictoriaMetrics takes
            more. What cannot be read keeps the whole file of rules from being loaded.
            """,
        example="""
            for: 5 minutes
            """,
        fix="write it like 5m or 1h30m.",
    ),
    rule.warning(
        "alert/duplicate",
        "A group has the same alert twice",
        rationale="Both fire together and are told as one; one of them was meant to be another.",
        example="""
            rules:
              - alert: Down
                expr: up == 0
              - alert: Down
                expr: up == 0
            """,
        fix="remove one of them, or give it the name and expression that it was to have.",
    ),
    rule.error(
        "alert/expression",
        "The expression of an alert cannot be read",
        rationale="""
            The operator or the evaluator refuses the whole file of rules, and the alerts in it
            never fire. What the schema sees is only a text.
            """,
        example="""
            expr: sum by (pod (rate(errors[5m]))
            """,
        fix="close what is open: the finding names the place.",
    ),
    rule.error(
        "alert/template",
        "A label or annotation of an alert cannot be read",
        rationale="""
            Names of labels are letters, digits and underscores, and a template has to be closed.
            What cannot be read keeps the whole file of rules from being loaded.
            """,
        example="""
            annotations:
              summary: "{{ $labels.pod } is down"
            """,
        fix="correct the name or the template.",
    ),
    rule.error(
        "dashboard/datasource-missing",
        "A dashboard asks a data source that does not exist",
        rationale="""
            Grafana finds data sources by their uid, or by their name in older dashboards. A panel
            that names another one shows an error in the place of its graph.
            """,
        example="""
            # the GrafanaDatasource has the uid metrics
            kind: GrafanaDashboard
            spec:
              json: '{"panels": [{"datasource": {"uid": "metric"}}]}'
            """,
        fix="name a data source that there is, or use a variable.",
    ),
    rule.error(
        "dashboard/json",
        "A dashboard is no JSON",
        rationale="The operator cannot give it to Grafana, and it does not appear.",
        example="""
            json: |
              {"title": "Web",}
            """,
        fix="export the dashboard again.",
    ),
    rule.error(
        "dashboard/not-selected",
        "A dashboard is for a Grafana that does not exist",
        rationale="""
            instanceSelector picks a Grafana by its labels, and only in the own namespace unless
            allowCrossNamespaceImport is set. Where none fits, nothing happens.
            """,
        example="""
            # the Grafana has the label grafana: main
            kind: GrafanaDashboard
            spec:
              instanceSelector:
                matchLabels:
                  grafana: mian
            """,
        fix="correct the labels, or set allowCrossNamespaceImport.",
    ),
)
