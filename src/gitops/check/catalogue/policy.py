"""Rules about network policies."""

from gitops.check import rule

RULES = (
    rule.whole(
        "network-policy/cluster-address",
        "A policy names pods by their addresses",
        rationale="""
            To Cilium, CIDRs are addresses outside of the cluster: pods and nodes are known by
            their labels, and addresses of Services are translated before policies are asked. Such a
            rule matches nothing.
            """,
        example="""
            egress:
              - toCIDR:
                  - 10.244.0.0/16
            """,
        fix="use toEndpoints, toServices, or toEntities [kube-apiserver].",
    ),
    rule.whole(
        "network-policy/cluster-missing",
        "A policy names pods of a cluster that is not there",
        rationale="""
            Pods have the name of their cluster as a label. One that no cluster of the mesh has is
            a typing error, or what is left of a cluster that is gone: the rule opens nothing.
            """,
        example="""
            ingress:
              - fromEndpoints:
                  - matchLabels:
                      k8s:io.cilium.k8s.policy.cluster: ap
            """,
        fix="write the `cluster-name` of a cluster.",
    ),
    rule.whole(
        "network-policy/denied-flow",
        "Policies close a connection that an object needs",
        rationale="""
            A route, a monitor, a webhook or the URL of a Service says that one party calls another,
            and the policies of one of the two do not allow it: packets are dropped without a
            word. The finding names the rule that comes closest.
            """,
        example="""
            # the ServiceMonitor scrapes port 8080
            kind: CiliumNetworkPolicy
            spec:
              endpointSelector: {}
              ingress:
                - fromEndpoints:
                    - matchLabels:
                        k8s:io.kubernetes.pod.namespace: monitoring
                  toPorts:
                    - ports:
                        - port: "9090"
            """,
        fix="add the entry that the hint names, or remove what declares the connection.",
    ),
    rule.whole(
        "network-policy/dns-denied",
        "Pods that call others by name may not ask for names",
        rationale="""
            Once a policy closes egress, DNS is closed with it. Every connection by name then fails
            before it begins.
            """,
        example="""
            kind: CiliumNetworkPolicy
            spec:
              endpointSelector: {}
              egress:
                - toEndpoints:
                    - matchLabels:
                        app: database
            """,
        fix="allow port 53 of UDP and TCP to the pods of kube-dns.",
    ),
    rule.whole(
        "network-policy/fqdn-without-dns",
        "A policy allows hosts by name, and no DNS rule tells their addresses",
        rationale="""
            Cilium learns addresses from the answers that pass its proxy, which only a port rule
            with `rules.dns` sends them through. Without it toFQDNs allows nothing.
            """,
        example="""
            egress:
              - toFQDNs:
                  - matchName: api.example.org
            """,
        fix="add rules.dns to the rule that allows port 53 to kube-dns.",
    ),
    rule.error(
        "network-policy/invalid",
        "Cilium refuses a policy",
        rationale="""
            The schema lets it pass, but the agent does not: the policy is there and has no effect.
            """,
        example="""
            egress:
              - toCIDR:
                  - 192.0.2.0/24
                toEntities:
                  - host
            """,
        fix="make a rule of its own for each kind of peers.",
    ),
    rule.warning(
        "network-policy/namespace-open",
        "A namespace has pods and no network policy, unlike most others",
        rationale="""
            Where most namespaces are closed by default, one that is not is more often forgotten
            than meant.
            """,
        example="""
            # every other namespace has a policy with `endpointSelector: {}`
            kind: Namespace
            metadata:
              name: new
            """,
        fix="close the namespace by default, and open what it needs.",
    ),
    rule.warning(
        "network-policy/one-sided",
        "What one side of a connection allows, the other side closes",
        rationale="""
            A rule that names pods and a port says that one party calls another. Policies are
            asked on both sides: where those of the other side let in somebody else, another port,
            or the same namespace of another cluster, every packet is dropped without a word.
            """,
        example="""
            # in the namespace of the client
            egress:
              - toEndpoints:
                  - matchLabels:
                      k8s:io.kubernetes.pod.namespace: databases
                      app: postgres
                toPorts:
                  - ports:
                      - port: "5432"
            # in the namespace of the database
            ingress:
              - fromEndpoints:
                  - matchLabels:
                      k8s:io.kubernetes.pod.namespace: clinets
                toPorts:
                  - ports:
                      - port: "5432"
            """,
        fix="correct the side that is wrong, or remove the rule that nobody needs.",
    ),
    rule.warning(
        "network-policy/peer-missing",
        "A policy names pods that do not exist",
        rationale="""
            The rule opens nothing: the labels have a typing error, or what they meant is gone.
            """,
        example="""
            ingress:
              - fromEndpoints:
                  - matchLabels:
                      app: fronted
            """,
        fix="correct the labels, or remove the peer.",
    ),
    rule.warning(
        "network-policy/port-missing",
        "A policy opens a port by a name that no selected pod has",
        rationale="""
            Ports by name are those that the containers of the selected pods declare. Where none
            has the name the rule opens nothing.
            """,
        example="""
            toPorts:
              - ports:
                  - port: metric # the container calls it metrics
            """,
        fix="use the name that the container declares, or the number.",
    ),
    rule.warning(
        "network-policy/port-unheard",
        "A policy is about a port at which nobody listens",
        rationale="""
            Policies are asked after the address of a Service is translated: a port in them is that
            of a container. One that the pods do not declare, while they declare others, and that
            stands nowhere in their commands, settings or Services, opens nothing.
            """,
        example="""
            # the Service has port 80, and the container 8080
            ingress:
              - fromEndpoints:
                  - matchLabels:
                      app: front
                toPorts:
                  - ports:
                      - port: "80"
            """,
        fix="write the port of the container.",
    ),
    rule.warning(
        "network-policy/selects-nothing",
        "A policy selects no pod",
        rationale="""
            What it was to close stays open, and what it was to open stays closed.
            """,
        example="""
            kind: CiliumNetworkPolicy
            spec:
              endpointSelector:
                matchLabels:
                  app: wbe
            """,
        fix="correct the labels, or remove the policy.",
    ),
    rule.warning(
        "network-policy/site-exposed",
        "What is meant to be the Internet holds networks of the estate",
        rationale="""
            A rule allows every address but the private ones. A network of the estate that lies
            outside of its exceptions is allowed with the Internet: switches, storage, consoles.
            """,
        example="""
            # the estate has 10.25.99.0/24
            egress:
              - toCIDRSet:
                  - cidr: 0.0.0.0/0
                    except:
                      - 10.0.0.0/16
            """,
        fix="except the whole private network.",
    ),
    rule.warning(
        "network-policy/empty-list",
        "A policy of Cilium has a list of rules without a rule",
        rationale="""
            In a NetworkPolicy of Kubernetes an empty list closes a direction. Cilium closes one
            that has a rule, be it an empty one: what was meant to be closed is open.
            """,
        example="""
            # CiliumNetworkPolicy
            endpointSelector: {}
            egress: []
            """,
        fix="write [{}], or set enableDefaultDeny.",
    ),
)
