"""Rules about Gateways, routes and Ingresses."""

from gitops.check import rule

RULES = (
    rule.whole(
        "gateway/address-outside-pool",
        "A load balancer asks for an address that no pool has",
        rationale="""
            Cilium gives a Service an address only out of a CiliumLoadBalancerIPPool. Asked for
            another one it gives none, and the Gateway or Service waits for ever.
            """,
        example="""
            # the pool has 10.0.20.0/24
            kind: Gateway
            spec:
              addresses:
                - value: 10.0.21.10
            """,
        fix="ask for an address of a pool, or widen the pool.",
    ),
    rule.outside(
        "gateway/backend-missing",
        "A route sends requests to a Service that does not exist",
        rationale="""
            The route is accepted, and every request that it matches is answered with a 500. Where
            the namespace of the Service cannot be seen in full, this is a note.
            """,
        example="""
            kind: HTTPRoute
            spec:
              rules:
                - backendRefs:
                    - name: wbe
                      port: 80
            """,
        fix="correct the name, or give the namespace of the Service.",
    ),
    rule.error(
        "gateway/backend-port",
        "A route sends requests to a port that the Service does not have",
        rationale="""
            A backendRef names a port of the Service and not of its pods; without it, or with
            another number, requests are answered with a 500.
            """,
        example="""
            # the Service has port 80 with targetPort 8080
            backendRefs:
              - name: web
                port: 8080
            """,
        fix="use a number from the ports of the Service.",
    ),
    rule.outside(
        "gateway/class-missing",
        "A Gateway is of a class that does not exist",
        rationale="No controller takes it, and nothing ever listens.",
        example="""
            kind: Gateway
            spec:
              gatewayClassName: cillium
            """,
        fix="correct the name, or install the controller that brings the class.",
    ),
    rule.outside(
        "gateway/grant-missing",
        "An object uses one of another namespace without leave",
        rationale="""
            The Gateway API refuses references into other namespaces, for Services as for the
            Secrets of certificates, unless a ReferenceGrant beside what is used allows them.
            """,
        example="""
            kind: HTTPRoute
            metadata:
              namespace: web
            spec:
              rules:
                - backendRefs:
                    - name: database
                      namespace: databases
                      port: 80
            """,
        fix="add a ReferenceGrant to the namespace of what is used.",
    ),
    rule.error(
        "gateway/hostname-outside",
        "A route is for a host that no listener of its Gateways serves",
        rationale="""
            A route that shares no host with any listener is refused; of several hosts, the ones
            that no listener has are left out in silence.
            """,
        example="""
            # the listener has hostname "*.example.org"
            kind: HTTPRoute
            spec:
              hostnames:
                - web.example.com
            """,
        fix="correct the host, or add a listener that serves it.",
    ),
    rule.error(
        "gateway/listener-conflict",
        "Two listeners of a Gateway want the same requests",
        rationale="""
            On one port, listeners must have one kind of protocol and different host names; those
            that do not are not accepted, and their routes are not served.
            """,
        example="""
            listeners:
              - name: web
                port: 443
                protocol: HTTPS
              - name: other
                port: 443
                protocol: HTTPS
            """,
        fix="give one of them another port or another host name.",
    ),
    rule.error(
        "gateway/listener-missing",
        "A route attaches to a listener that its Gateway does not have",
        rationale="The route is not accepted, and its hosts are not served.",
        example="""
            # the Gateway has the listeners http and https
            parentRefs:
              - name: public
                sectionName: htps
            """,
        fix="correct sectionName or port, or leave both out to attach wherever it fits.",
    ),
    rule.outside(
        "gateway/listener-without-certificate",
        "A listener ends TLS and has no certificate",
        rationale="It is never programmed: connections to its port are refused.",
        example="""
            listeners:
              - name: https
                port: 443
                protocol: HTTPS
            """,
        fix="name the Secret of a certificate in tls.certificateRefs.",
    ),
    rule.warning(
        "gateway/name-differs",
        "A program calls itself by another name than its routes",
        rationale="""
            A program writes its own name into links, redirects and cookies. Where routes lead to it
            under other names alone, people are sent to a name that nobody serves.
            """,
        example="""
            # the HTTPRoute is for grafana.example.org
            kind: Grafana
            spec:
              config:
                server:
                  root_url: https://metrics.example.org
            """,
        fix="give the program and its route the same name.",
    ),
    rule.outside(
        "gateway/parent-missing",
        "A route attaches to a Gateway that does not exist",
        rationale="""
            Nobody serves the route, and nothing in the cluster reports it: it has no status at all.
            """,
        example="""
            parentRefs:
              - name: publc
                namespace: gateways
            """,
        fix="correct the name, or give the namespace of the Gateway.",
    ),
    rule.error(
        "gateway/route-duplicate",
        "Two routes want the same requests",
        rationale="""
            Where host, path, method, headers and query are the same, the older route gets all
            requests and the other none. After a restore from backup it may be the other way round.
            """,
        example="""
            # both httproute-a.yaml and httproute-b.yaml
            hostnames:
              - web.example.org
            rules:
              - backendRefs: []
            """,
        fix="let them differ, or put the rules into one route.",
    ),
    rule.outside(
        "gateway/route-refused",
        "No listener that a route attaches to takes it",
        rationale="""
            `allowedRoutes` of a listener says which kinds of routes it takes and of which
            namespaces; by default those of its own namespace alone. Other routes are not served.
            """,
        example="""
            # the route is in namespace web, the Gateway in namespace gateways
            listeners:
              - name: https
                allowedRoutes:
                  namespaces:
                    from: Same
            """,
        fix="widen allowedRoutes, label the namespace, or attach the route to another listener.",
    ),
    rule.whole(
        "ingress/duplicate",
        "Two Ingresses want the same requests",
        rationale="""
            One of them gets all requests and the other none; which one is up to the controller.
            """,
        example="""
            # both ingress-a.yaml and ingress-b.yaml
            rules:
              - host: web.example.org
                http:
                  paths:
                    - path: /
            """,
        fix="let them differ in host or path, or join them.",
    ),
    rule.error(
        "gateway/redirect-loop",
        "A server sends people to TLS that ends before it",
        rationale="""
            Argo CD answers whoever comes without TLS with a redirect to https. Behind a Gateway
            that ends TLS everybody comes without, so that each is sent round until the browser
            gives up.
            """,
        example="""
            kind: ConfigMap
            metadata:
              name: argocd-cmd-params-cm
            data:
              server.insecure: "false"
            """,
        fix="set server.insecure to true, or speak TLS to it by a BackendTLSPolicy.",
    ),
    rule.warning(
        "tunnel/other-gateway",
        "A tunnel leads to another Gateway than the one with its name",
        rationale="""
            A DNSEndpoint gives a tunnel its name, and a Gateway is annotated with that name, so
            that its routes are found there. The tunnel hands their requests to another Gateway,
            which does not have these routes.
            """,
        example="""
            # Gateway/gateways/external has the annotation
            external-dns.alpha.kubernetes.io/target: external.example.org
            # and the tunnel of that name
            service: https://cilium-gateway-internal.gateways.svc.cluster.local
            """,
        fix="lead to the Service of the Gateway that is named after the tunnel.",
    ),
    rule.whole(
        "tunnel/server-name",
        "A tunnel asks a Gateway for a name that none of its listeners is for",
        rationale="""
            cloudflared asks for the certificate of the host in `service`, which is the name of a
            Service. A Gateway chooses the listener by that name: with hosts in all of them no
            connection is made, whether certificates are verified or not.
            """,
        example="""
            - hostname: "*.example.org"
              service: https://cilium-gateway-external.gateways.svc.cluster.local
            """,
        fix="set originRequest.matchSNItoHost, or originServerName to a name of a listener.",
    ),
    rule.warning(
        "vmauth/password-unlike",
        "Who sends through a VMAuth has another password than its user",
        rationale="""
            Both passwords come from a vault, and from different items of it: unless these hold the
            same, nothing is let in.
            """,
        example="""
            # the Secret of the VMUser
            remoteRef: {key: log-agents, property: password}
            # the Secret of the agent
            remoteRef: {key: metrics-agents, property: password}
            """,
        fix="take both from the same item.",
    ),
    rule.warning(
        "vmauth/path-closed",
        "Something is sent through a VMAuth by a path that no user of it has",
        rationale="""
            A VMUser lists the paths that it may call. A VMAuth refuses all others, and what is
            sent there is lost, or waits on the disks of those who send it.
            """,
        example="""
            kind: VMUser
            spec:
              targetRefs:
                - crd: {kind: VLSingle, name: logs, namespace: observability}
                  paths: [/insert/loki/api/v1/push]
            # and who sends calls /insert/jsonline
            """,
        fix="add the path to the user, or correct it.",
    ),
)
