"""Rules about alerts and dashboards."""

from gitops.check import rule

RULES = (
    rule.warning(
        "alert/counter",
        "An alert compares a counter itself, and so does not end",
        rationale="""
            A counter grows until its program starts again. Whatever is wrong may be over long ago,
            and still the counter is above the number. Silent where the name alone does not make a
            counter, as many gauges end in `_total`, too; and of 0 and of what wears out, unless the
            text tells of a span of time, because some compare those in all on purpose.
            """,
        example="""
            expr: source_errors_total > 0
            annotations:
              summary: the source has had errors for more than 5 minutes
            """,
        fix="compare what the counter has grown by, with increase or rate.",
    ),
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
    rule.whole(
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
    rule.warning(
        "alert/label-lost",
        "An alert names a label that its expression does not leave",
        rationale="""
            An aggregation leaves the labels that it is made by and no others, and so does a
            comparison by some. Where a template names another one, nothing stands in its place:
            whoever is woken does not read which pod it is.
            """,
        example="""
            expr: max by (namespace) (lag_seconds) > 60
            annotations:
              summary: "{{ $labels.pod }} is late"
            """,
        fix="aggregate by that label too, or leave it out of the text.",
    ),
    rule.whole(
        "alert/template",
        "A label or annotation of an alert cannot be read",
        rationale="""
            Names of labels are letters, digits and underscores, and a template has to be closed and
            to use functions and variables that there are. What cannot be read keeps the whole file
            of rules from being loaded.
            """,
        example="""
            annotations:
              summary: "{{ $labels.pod } is down"
            """,
        fix="correct the name or the template.",
    ),
    rule.whole(
        "dashboard/duplicate",
        "Two dashboards have one uid",
        rationale="""
            Grafana knows a dashboard by its uid. The second that has it overwrites the first, and
            both do so again whenever they are synchronised.
            """,
        example="""
            # in kafka.json and in postgres.json, which was copied from it
            "uid": "kafka"
            """,
        fix="give each a uid of its own.",
    ),
    rule.whole(
        "dashboard/expression",
        "A question of a dashboard cannot be read",
        rationale="""
            The panel shows an error in the place of its graph. What Grafana fills in is taken for
            something that fits.
            """,
        example="""
            "expr": "sum by (pod) (up{job=~\\"$job\\"}"
            """,
        fix="close what is open: the finding says where.",
    ),
    rule.whole(
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
    rule.warning(
        "dashboard/legend-label",
        "A legend names a label that its question does not leave",
        rationale="""
            An aggregation leaves the labels that it is made by and no others. Where a legend names
            another one, Grafana writes nothing in its place, and lines cannot be told apart or have
            a name with a hole in it. Silent of tables, which have no legend.
            """,
        example="""
            "expr": "sum by (namespace) (rate(http_requests_total[5m]))",
            "legendFormat": "{{ pod }}"
            """,
        fix="aggregate by that label too, or leave it out of the legend.",
    ),
    rule.whole(
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
    rule.warning(
        "dashboard/unit",
        "A panel shows something in the unit of something else",
        rationale="""
            Grafana writes the unit of a panel after its numbers, whatever they are. A share of one
            half is then shown as 0.5 %, and seconds as milliseconds. What an expression is counted
            in is told by the names of its series, if these follow the conventions of Prometheus.
            """,
        example="""
            "unit": "percent"
            # and its question
            "expr": "1 - avg(rate(node_cpu_seconds_total{mode=\\"idle\\"}[5m]))"
            """,
        fix="set the unit that the numbers are in, or convert them in the expression.",
    ),
    rule.whole(
        "dashboard/variable-missing",
        "A dashboard uses a variable that it does not have",
        rationale="""
            Grafana leaves the name as it is written, and no series has a label with such a value:
            the panel stays empty.
            """,
        example="""
            # the variable is called cluster
            "expr": "up{cluster=~\\"$clusters\\"}"
            """,
        fix="name a variable of the dashboard, or add it to templating.",
    ),
)
