"""Rules about what is asked of metrics, and where alerts go."""

from gitops.check import rule

RULES = (
    rule.warning(
        "alertmanager/alert-missing",
        "An Alertmanager waits for an alert that no rule has",
        rationale="""
            A route or an inhibition picks alerts by their name. Of one that does not exist nothing
            is heard: the heartbeat stays away, or nothing is held back.
            """,
        example="""
            # the alert is called Watchdog
            routes:
              - matchers: ['alertname="WatchDog"']
                receiver: heartbeat
            """,
        fix="name the alert as its rule does.",
    ),
    rule.whole(
        "alertmanager/file-missing",
        "An Alertmanager names a file that is not mounted",
        rationale="""
            Secrets are mounted in folders of their names, with a file for each key. Without the
            file nothing is sent, and the error stands in a log.
            """,
        example="""
            # spec.secrets has alerting, with the key smtp-password
            smtp_auth_password_file: /etc/vm/secrets/alerting/smtp_password
            """,
        fix="name a key of a Secret that the Alertmanager lists under secrets.",
    ),
    rule.whole(
        "alertmanager/refused",
        "An Alertmanager does not take its settings",
        rationale="""
            A route that leads to a receiver which is not there, two receivers of one name, or a
            time that cannot be read: the Alertmanager goes on with what it had before, and does
            not start again once it has stopped.
            """,
        example="""
            route:
              receiver: mial
            receivers:
              - name: mail
            """,
        fix="name a receiver that there is.",
    ),
    rule.warning(
        "alertmanager/retention",
        "An Alertmanager forgets what it said before it says it again",
        rationale="""
            It repeats what goes on after repeat_interval, and remembers for the retention what it
            has said. Where that ends first, everything is said again then, more often than wanted.
            """,
        example="""
            retention: 2h
            # and in its settings
            repeat_interval: 12h
            """,
        fix="let the retention be longer than the longest repeat_interval.",
    ),
    rule.warning(
        "alertmanager/unrouted",
        "An alert has no label by which alerts are routed",
        rationale="""
            Told where at least four of five alerts have the label: this one goes to the first
            receiver, whatever it is about.
            """,
        example="""
            # routes match severity, and all other alerts have it
            labels:
              serverity: critical
            """,
        fix="give it the label.",
    ),
    rule.warning(
        "query/alert-unknown",
        "A question is about an alert that no rule has",
        rationale="""
            `ALERTS` has a series for each alert that is pending or fires. Of a name that no rule
            has there is never one: the panel shows that all is well, whatever happens.
            """,
        example="""
            # the alert is called PostgresBackupOld
            expr: count(ALERTS{alertname="PostgresBackupLate"})
            """,
        fix="name the alert as its rule does.",
    ),
    rule.warning(
        "query/job-missing",
        "An expression asks for a job that nothing is scraped as",
        rationale="""
            The label job is the name of the Service that a monitor selects, what jobLabel names,
            or what relabelling writes. With another name there is no series, and an alert about it
            never fires. Nothing is said where metrics also come by other ways.
            """,
        example="""
            # the Service is called web
            expr: up{job="wbe"} == 0
            """,
        fix="name the job as it is scraped.",
    ),
    rule.warning(
        "query/label-lost",
        "An expression asks for labels that it has summed away",
        rationale="""
            The two sides of an operator match where all labels are the same, or those of on ().
            Where one side was aggregated by other labels, nothing matches, there is no result and
            no error, and an alert never fires. histogram_quantile likewise needs the label le.
            """,
        example="""
            expr: sum by (pod) (errors) / sum by (node) (requests) > 0.1
            """,
        fix="aggregate both sides by the same labels, or say with on () which are compared.",
    ),
    rule.warning(
        "query/object-missing",
        "An expression is about an object that does not exist",
        rationale="""
            kube-state-metrics has the name of an object in a label of its kind, and nearly all
            series have a namespace. Where no object and no namespace fits, there are no series.
            """,
        example="""
            # the CronJob is called backup
            expr: time() - kube_cronjob_status_last_successful_time{cronjob="bakcup"} > 86400
            """,
        fix="correct the name.",
    ),
    rule.warning(
        "query/series-unknown",
        "An alert or a dashboard asks for a series that no program gives",
        rationale="""
            Programs rename their series and their labels, and leave some out. What asks for one
            that there is not gets no answer: the panel is empty, and the alert never fires. The
            series of common programs are known for the versions that run.
            """,
        example="""
            # its label is condition
            expr: certmanager_certificate_ready_status{status="False"} == 1
            """,
        fix="ask for a series of the program that runs, by labels that it has.",
    ),
    rule.warning(
        "query/status",
        "A question asks for a status such as 5xx, and the label holds numbers",
        rationale="""
            A status is written as a number by most programs and as a class by some, HAProxy among
            them. A matcher for the other way finds nothing and is no error: an alert never fires,
            and with != nothing is left out. Told of series whose label is known, and where another
            question asks for the same one by a number.
            """,
        example="""
            expr: rate(traefik_service_requests_total{code="5xx"}[5m]) > 1
            """,
        fix='write code=~"5..", which takes all numbers of a class.',
    ),
    rule.warning(
        "query/target-label",
        "Targets are told apart by a label that nothing gives them",
        rationale="""
            `up` has the labels of targets and no others: those of Kubernetes, those that monitors
            add, and the externalLabels of whoever scrapes. A variable or an alert that asks for
            another one finds nothing.
            """,
        example="""
            externalLabels:
              cluster: main
            # and in a dashboard
            query: label_values(up, kubernetes_cluster)
            """,
        fix="give the label in externalLabels, or ask for the one that is given.",
    ),
)
