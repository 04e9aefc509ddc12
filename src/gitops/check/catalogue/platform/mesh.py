"""Rules about the mesh of clusters."""

from gitops.check import rule

RULES = (
    rule.error(
        "mesh/authority",
        "The clusters of a mesh do not trust one authority",
        rationale="""
            Without a Secret cilium-ca the chart makes an authority of its own in each cluster, and
            each refuses the certificates of the others.
            """,
        example="""
            # values of two clusters that connect, and no Secret/kube-system/cilium-ca in either
            clustermesh:
              useAPIServer: true
            """,
        fix="create the same cilium-ca in all clusters before Cilium.",
    ),
    rule.error(
        "mesh/estate",
        "A cluster's identity in the mesh is not what the estate says",
        rationale="""
            Other clusters, the router and the machines are configured from fleet.yaml: they expect
            what stands there.
            """,
        example="""
            # fleet.yaml: clusters: apps: id: 2
            cluster:
              name: apps
              id: 3
            """,
        fix="take the value from fleet.yaml, by way of the cluster's settings.",
    ),
    rule.warning(
        "mesh/global-service",
        "A Service is shared with a mesh in which nobody else has it",
        rationale="""
            Endpoints are shared between Services of the same name and namespace. Where no other
            cluster has one, nobody can use what is shared: the name is often mistyped.
            """,
        example="""
            kind: Service
            metadata:
              name: web # in no other cluster
              annotations:
                service.cilium.io/global: "true"
            """,
        fix="add the Service to the cluster that should use it, or remove the annotation.",
    ),
    rule.error(
        "mesh/identity",
        "A cluster has no identity of its own in the mesh",
        rationale="""
            Clusters of a mesh know each other's pods by the number and name of the cluster. With
            one number twice, policies and routes of the one hold for the other.
            """,
        example="""
            cluster:
              name: apps
              id: 0
            clustermesh:
              useAPIServer: true
            """,
        fix="give each a number from 1 to 255 and a name of up to 32 characters of its own.",
    ),
    rule.error(
        "mesh/node-port",
        "Two clusters of a mesh answer at the same node port",
        rationale="""
            Where Cilium replaces kube-proxy, a node takes a connection to its own node port for its
            own, whatever node it is meant for: clusters connect to themselves.
            """,
        example="""
            # in both clusters
            clustermesh:
              apiserver:
                service:
                  type: NodePort
                  nodePort: 32379
            """,
        fix="give each cluster a nodePort of its own, and name it in the other's peers.",
    ),
    rule.error(
        "mesh/peer",
        "A cluster does not find another one of its mesh",
        rationale="""
            Each cluster connects to the addresses and the port that its values give for the other.
            Where these are another's, or only one of them connects, services and identities are
            shared in one direction or not at all.
            """,
        example="""
            clustermesh:
              config:
                enabled: true
                clusters:
                  - name: apps
                    port: 32379 # apps answers at 32380
            """,
        fix="name the other cluster with the port and the nodes that it has, on both sides.",
    ),
    rule.error(
        "mesh/routing",
        "Pods of the mesh lie outside of the range that is routed as it is",
        rationale="""
            Packets to an address outside of ipv4NativeRoutingCIDR get the address of a node as
            their source, so the other cluster no longer knows which pod they are from, and its
            policies drop them.
            """,
        example="""
            routingMode: native
            ipv4NativeRoutingCIDR: 10.244.0.0/16 # the pods of apps have 10.246.0.0/16
            """,
        fix="choose a range that holds the pods of every cluster of the mesh.",
    ),
)
