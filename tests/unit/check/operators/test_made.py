"""What controllers make: names, keys, ports and labels that other objects rely on."""

from typing import Any

import pytest

from gitops.check.index import Index
from gitops.check.operators import MADE, given
from gitops.check.pods import templates
from tests.unit.check import clusters


def index(text: str) -> Index:
    return Index(clusters.cluster(clusters.kustomization("all", text)))


def made(text: str) -> list[str]:
    return sorted(str(each.manifest.id) for each in index(text).made)


def body(text: str, kind: str, name: str) -> dict[str, Any]:
    (found,) = (
        each.manifest
        for each in index(text).made
        if (each.manifest.id.kind, each.manifest.id.name) == (kind, name)
    )
    assert found.incomplete == MADE
    return found.body()


def keys(text: str, name: str) -> list[str] | None:
    data = body(text, "Secret", name).get("data")
    return None if data is None else [*data]


EXTERNAL = """\
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: web}
spec:
"""


def test_an_external_secret_gives_the_keys_that_it_names() -> None:
    text = EXTERNAL + "  data: [{secretKey: b}, {secretKey: a}]\n"
    assert keys(text, "app") == ["a", "b"]


def test_the_keys_of_a_whole_remote_item_are_not_known() -> None:
    assert keys(EXTERNAL + "  dataFrom: [{extract: {key: x}}]\n", "app") is None


def test_a_template_replaces_what_was_fetched() -> None:
    text = EXTERNAL + "  dataFrom: [{extract: {key: x}}]\n  target: {template: {data: {URL: u}}}\n"
    assert keys(text, "app") == ["URL"]


def test_a_template_that_merges_leaves_what_was_fetched() -> None:
    given = "{mergePolicy: Merge, data: {URL: u}}"
    text = EXTERNAL + f"  data: [{{secretKey: a}}]\n  target: {{name: t, template: {given}}}\n"
    assert keys(text, "t") == ["URL", "a"]


def test_a_cluster_external_secret_lands_where_its_selector_points() -> None:
    text = """\
---
apiVersion: external-secrets.io/v1beta1
kind: ClusterExternalSecret
metadata: {name: pull}
spec:
  namespaceSelectors: [{matchLabels: {pull: "true"}}]
  externalSecretSpec: {target: {name: registry}, data: [{secretKey: token}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {pull: "true"}}
---
apiVersion: v1
kind: Namespace
metadata: {name: db}
"""
    assert made(text) == ["Secret/web/registry"]


def test_a_reflected_secret_is_copied_into_the_namespaces_that_it_names() -> None:
    text = """\
---
apiVersion: v1
kind: Secret
metadata:
  name: tls
  namespace: certs
  annotations:
    reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true"
    reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: web-.*
data: {tls.crt: ""}
---
apiVersion: v1
kind: Namespace
metadata: {name: web-1}
---
apiVersion: v1
kind: Namespace
metadata: {name: db}
"""
    assert made(text) == ["Secret/web-1/tls"]


def test_a_certificate_gives_its_chain_its_key_and_its_authority() -> None:
    text = """\
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: web}
spec: {secretName: web-tls, keystores: {pkcs12: {}}}
"""
    assert keys(text, "web-tls") == [
        "ca.crt",
        "keystore.p12",
        "tls.crt",
        "tls.key",
        "truststore.p12",
    ]


POSTGRES = """\
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, namespace: data}
spec: {instances: 3, storage: {size: 1Gi, storageClass: fast}}
---
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: pool, namespace: data}
spec: {cluster: {name: db}, instances: 2}
"""


def test_a_database_cluster_gives_services_secrets_accounts_and_pods() -> None:
    assert made(POSTGRES) == [
        "Deployment/data/pool",
        "Secret/data/db-app",
        "Secret/data/db-ca",
        "Secret/data/db-replication",
        "Secret/data/db-server",
        "Service/data/db-r",
        "Service/data/db-ro",
        "Service/data/db-rw",
        "Service/data/pool",
        "ServiceAccount/data/db",
        "ServiceAccount/data/pool",
        "StatefulSet/data/db",
    ]


def test_made_pods_are_templates_like_any_others() -> None:
    found = {each.owner.manifest.id.name: each for each in templates(index(POSTGRES))}
    assert {name: each.replicas for name, each in found.items()} == {"db": 3, "pool": 2}
    assert found["db"].labels["cnpg.io/cluster"] == "db"
    ((_, container),) = found["pool"].containers
    assert container["ports"] == [
        {"name": "pgbouncer", "containerPort": 5432},
        {"name": "metrics", "containerPort": 9127},
    ]


def test_a_role_secret_is_left_to_whoever_gives_one() -> None:
    text = POSTGRES.replace("{instances: 3,", "{bootstrap: {initdb: {secret: {name: own}}},")
    assert "Secret/data/db-app" not in made(text)


def test_a_kafka_cluster_names_the_ports_of_its_listeners() -> None:
    text = """\
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: bus, namespace: m}
spec: {kafka: {listeners: [{name: scram, port: 9094, type: internal, tls: true}]}}
"""
    service = body(text, "Service", "bus-kafka-bootstrap")
    assert [port["name"] for port in service["spec"]["ports"]] == ["tcp-replication", "tcp-scram"]


def test_what_runs_beside_kafka_has_the_labels_that_monitors_select() -> None:
    text = """\
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: bus, namespace: m}
spec: {kafka: {listeners: []}, entityOperator: {topicOperator: {}}}
"""
    deployment = body(text, "Deployment", "bus-entity-operator")
    assert deployment["spec"]["template"]["metadata"]["labels"] == {
        "app.kubernetes.io/instance": "bus",
        "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
        "app.kubernetes.io/name": "entity-operator",
        "app.kubernetes.io/part-of": "strimzi-bus",
        "strimzi.io/cluster": "bus",
        "strimzi.io/component-type": "entity-operator",
        "strimzi.io/kind": "Kafka",
        "strimzi.io/name": "bus-entity-operator",
    }


def test_a_kafka_user_gets_the_keys_of_its_way_to_log_in() -> None:
    text = """\
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: {name: u, namespace: m}
spec: {authentication: {type: scram-sha-512}}
"""
    assert keys(text, "u") == ["password", "sasl.jaas.config"]


def test_stores_and_proxies_of_metrics_are_named_for_their_kind() -> None:
    text = """\
---
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMSingle
metadata: {name: m, namespace: o}
spec: {port: "8428", storage: {storageClassName: fast}}
---
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMUser
metadata: {name: u, namespace: o}
spec: {username: u, passwordRef: {name: s, key: p}}
"""
    assert made(text) == [
        "Deployment/o/vmsingle-m",
        "PersistentVolumeClaim/o/vmsingle-m",
        "Service/o/vmsingle-m",
        "ServiceAccount/o/vmsingle-m",
    ]


@pytest.mark.parametrize(("dashboard", "port"), [("", 7000), (", ssl: true", 8443)])
def test_the_dashboard_of_ceph_has_tls_where_it_is_asked_for(dashboard: str, port: int) -> None:
    text = f"""\
---
apiVersion: ceph.rook.io/v1
kind: CephCluster
metadata: {{name: c, namespace: rook}}
spec: {{dashboard: {{enabled: true{dashboard}}}}}
"""
    (found,) = body(text, "Service", "rook-ceph-mgr-dashboard")["spec"]["ports"]
    assert found["port"] == port


def test_the_service_of_a_single_store_has_the_port_of_the_program_too() -> None:
    text = """\
---
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMSingle
metadata: {name: m, namespace: o}
spec: {}
"""
    ports = body(text, "Service", "vmsingle-m")["spec"]["ports"]
    assert [port["port"] for port in ports] == [8429, 8428]


def test_a_bucket_claim_gives_a_place_and_keys() -> None:
    text = """\
---
apiVersion: objectbucket.io/v1alpha1
kind: ObjectBucketClaim
metadata: {name: b, namespace: n}
spec: {storageClassName: s}
"""
    assert made(text) == ["ConfigMap/n/b", "Secret/n/b"]
    assert keys(text, "b") == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]


def test_a_gateway_of_cilium_gets_a_service_without_a_selector() -> None:
    text = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: n}
spec: {gatewayClassName: cilium, listeners: [{port: 443}, {port: 443}, {port: 80}]}
"""
    spec = body(text, "Service", "cilium-gateway-g")["spec"]
    assert [port["port"] for port in spec["ports"]] == [80, 443]
    assert "selector" not in spec


def test_a_flux_instance_gives_controllers_and_what_receives_webhooks() -> None:
    text = """\
---
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {components: [notification-controller]}
"""
    assert made(text) == [
        "Deployment/flux-system/notification-controller",
        "NetworkPolicy/flux-system/allow-egress",
        "NetworkPolicy/flux-system/allow-scraping",
        "NetworkPolicy/flux-system/allow-webhooks",
        "Service/flux-system/notification-controller",
        "Service/flux-system/webhook-receiver",
        "ServiceAccount/flux-system/notification-controller",
    ]


def test_kubernetes_gives_every_namespace_an_account_and_its_root_certificate() -> None:
    assert given(("", "ServiceAccount", "web", "default"))
    assert given(("", "ConfigMap", "web", "kube-root-ca.crt"))
    assert given(("rbac.authorization.k8s.io", "ClusterRole", "", "system:node"))
    assert not given(("", "ServiceAccount", "web", "app"))
