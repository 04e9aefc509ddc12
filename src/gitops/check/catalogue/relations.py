"""Rules about custom resources that name each other, and hosts that texts name."""

from gitops.check import rule

RULES = (
    rule.error(
        "pod/field-path",
        "A variable is to hold a field that pods do not have",
        rationale="The API server refuses the object.",
        example="fieldRef: {fieldPath: status.hostAddress}",
        fix="use a field that the downward API has.",
    ),
    rule.whole(
        "pod/file-missing",
        "A text names a file that is not where it is mounted",
        rationale="""
            The program does not start, or goes on without the password. Told is of paths into a
            mounted Secret or ConfigMap whose keys are known, and of the name of a mounted file in a
            folder beside its own. All others may be files of the image.
            """,
        example="""
            args: [--credentials-file=/etc/app/creds/token.json]
            volumeMounts: [{name: credentials, mountPath: /etc/app/credentials}] # has token.json
            """,
        fix="correct the path, or the place where it is mounted.",
    ),
    rule.error(
        "pod/limit-below-request",
        "A container requests more than it may use",
        rationale="The API server refuses the object, and schemas cannot compare two fields.",
        example="resources: {requests: {memory: 64Mi}, limits: {memory: 32Mi}}",
        fix="raise the limit, or lower the request.",
    ),
    rule.error(
        "pod/volume-missing",
        "A container mounts a volume that its pod does not have",
        rationale="""
            The API server refuses the object, and with it everything that Flux applies in the same
            step.
            """,
        example="volumeMounts: [{name: dta, mountPath: /data}] # the volume is called data",
        fix="correct the name, or add the volume.",
    ),
    rule.outside(
        "reference/missing",
        "A custom resource names another one that does not exist",
        rationale="""
            Its controller waits, or reports an error in a status that nobody reads. Of a kind of
            which the cluster shows no object at all nothing is said.
            """,
        example="spec: {cluster: {name: postgress}} # of a Database",
        fix="correct the name, or add the object.",
    ),
    rule.warning(
        "reference/no-tag",
        "Records of Fluent Bit have a tag that nothing matches, or the other way around",
        rationale="""
            Outputs and filters see only records whose tag they match. Without one, logs are read
            and thrown away, and nothing reports it.
            """,
        example="""
            # ClusterInput
            spec: {tail: {tag: kube.*}}
            # ClusterOutput
            spec: {match: k8s.*}
            """,
        fix="correct the pattern or the tag.",
    ),
    rule.warning(
        "reference/not-selected",
        "An object has labels that nothing selects",
        rationale="""
            Inputs and outputs of Fluent Bit and users of VMAuth count only if a configuration
            selects them. Left out, they are valid, healthy and without effect.
            """,
        example="labels: {pipeline: log} # selected is pipeline=logs",
        fix="correct the labels, or the selector.",
    ),
    rule.whole(
        "reference/placeholder",
        "A realm of Keycloak has a placeholder that is not declared",
        rationale="""
            `spec.placeholders` says where values come from. What it does not declare is imported as
            it stands: a client then has the text `${NAME}` for its secret. Names in small letters
            belong to themes.
            """,
        example="""
            # KeycloakRealmImport
            placeholders: {GRAFANA_CLIENT_SECRET: {secret: {name: clients, key: grafana}}}
            realm: {clients: [{clientId: grafana, secret: "${GRAFANA_SECRET}"}]}
            """,
        fix="correct the name, or declare it.",
    ),
    rule.outside(
        "reference/selects-nothing",
        "A custom resource selects objects of which there are none",
        rationale="What it is for does not happen: alerts, for one, are sent to nobody.",
        example="notifiers: [{selector: {labelSelector: {matchLabels: {alertmanager: alert}}}}]",
        fix="correct the selector, or the labels of what is meant.",
    ),
    rule.warning(
        "reference/topic-missing",
        "A user of Kafka has rights on a topic that does not exist",
        rationale="""
            Whoever signs in as the user is refused at the topic that is meant. Told is of a name
            that nearly is a KafkaTopic, and of all others where brokers make no topics themselves;
            not of users that may create topics.
            """,
        example="""
            # KafkaUser; the KafkaTopic is called orders
            acls: [{resource: {type: topic, name: order}, operations: [Read]}]
            """,
        fix="correct the name, or add the KafkaTopic.",
    ),
    rule.warning(
        "service/host-missing",
        "A text names a Service that does not exist",
        rationale="""
            URLs and hosts in fields and values are checked by nobody before a program looks them
            up. Only names below `svc` count, in namespaces of this cluster, and in what stands in
            the repository: charts name parts of themselves that may be off.
            """,
        example="url: http://vmsingle-metric.observability.svc.cluster.local:8428",
        fix="correct the host, or add the Service.",
    ),
    rule.warning(
        "service/host-port",
        "A text names a port that the Service of its host does not have",
        rationale="The connection is refused, or waits until it times out.",
        example="url: http://vmsingle-metrics.observability.svc:8427 # it has 8428",
        fix="use a port of the Service.",
    ),
    rule.error(
        "argocd/unpermitted",
        "An Application wants what its project does not permit",
        rationale="""
            An AppProject lists the repositories and the namespaces that its Applications may name.
            Argo CD refuses to synchronize one that names another.
            """,
        example="""
            kind: AppProject
            spec:
              sourceRepos: [https://git.example.org/shop/*]
            # and an Application of it
            source:
              repoURL: https://git.example.org/blog/site
            """,
        fix="permit it in the project, or name another project.",
    ),
)
