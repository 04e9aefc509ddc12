"""Rules about Services and whoever sends requests to them."""

from gitops.check import rule

RULES = (
    rule.outside(
        "ingress/backend-missing",
        "An Ingress sends requests to a Service that does not exist",
        rationale="""
            They are answered with an error by the controller. A Service must be in the namespace of
            the Ingress.
            """,
        example="backend: {service: {name: wbe, port: {number: 80}}}",
        fix="correct the name, or add the Service.",
    ),
    rule.error(
        "ingress/backend-port",
        "An Ingress sends requests to a port that the Service does not have",
        rationale="They are answered with an error by the controller.",
        example="backend: {service: {name: web, port: {number: 8080}}} # it has 80",
        fix="use the number or the name of a port of the Service.",
    ),
    rule.outside(
        "ingress/class-missing",
        "An Ingress is for a class that does not exist",
        rationale="""
            No controller looks at it. Reported only where IngressClasses are among the objects.
            """,
        example="ingressClassName: ngnix",
        fix="use the name of a class that exists.",
    ),
    rule.warning(
        "service/missing",
        "A StatefulSet names its pods by a Service that does not exist",
        rationale="The pods run, but have no names that others can resolve.",
        example="serviceName: databse",
        fix="add the headless Service, or correct the name.",
    ),
    rule.outside(
        "service/port-missing",
        "A Service leads to a named port that its pods do not have",
        rationale="""
            The port has no endpoints: every connection is refused. What a chart does to itself is a
            warning.
            """,
        example="targetPort: htpp # the container declares http",
        fix="use a name that a container of the pods declares.",
    ),
    rule.warning(
        "service/port-undeclared",
        "A Service leads to a port that its pods do not declare",
        rationale="""
            Containers may listen on what they do not declare, but where all of them declare ports
            this is usually a slip.
            """,
        example="targetPort: 8081 # the container declares 8080",
        fix="correct the number, or declare the port in the container.",
    ),
    rule.outside(
        "service/selects-nothing",
        "A Service selects no pods",
        rationale="""
            It has no endpoints: every connection is refused, and nothing reports it. Services of
            ClusterMesh may have their pods elsewhere.
            """,
        example="selector: {app: wbe}",
        fix="correct the selector, or the labels of the pods.",
    ),
    rule.outside(
        "webhook/authority-missing",
        "A webhook trusts the authority of a Certificate that does not exist",
        rationale="""
            cert-manager puts nothing in, the API server trusts nobody, and every call fails.
            """,
        example="cert-manager.io/inject-ca-from: webhooks/servng",
        fix="correct the annotation, or add the Certificate.",
    ),
    rule.outside(
        "webhook/port-missing",
        "The API server calls a port that the Service does not have",
        rationale="Requests that the webhook is for are refused; a port left out is 443.",
        example="clientConfig: {service: {name: hook, namespace: hooks, port: 8443}}",
        fix="use a port of the Service.",
    ),
    rule.outside(
        "webhook/service-missing",
        "The API server calls a Service that does not exist",
        rationale="""
            Every request that the webhook is for is refused, which may stop a whole cluster. A
            webhook that is ignored when it fails is a warning.
            """,
        example="clientConfig: {service: {name: hok, namespace: hooks}}",
        fix="correct the reference, or add the Service.",
    ),
)
