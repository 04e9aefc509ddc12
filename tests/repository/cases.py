"""What makes the alerts of Kafka, Keycloak and Argo CD fire, and what must not."""

import msgspec

CANARY = "kube_cronjob_status_last_successful_time"
CONTROLLER = "kafka_controller_kafkacontroller_"
REPLICAS = "kafka_server_replicamanager_"
EVENTS = "keycloak_user_events_total"
READY = "kube_statefulset_status_replicas_ready"
REQUESTS = "http_server_requests_seconds_count"


class Case(msgspec.Struct, frozen=True):
    """Series from minute to minute that make an alert fire, and some that do not.

    `labels` are what the alert carries besides its name and severity. Values are written as
    promtool has them: `1x60` is 1, and 60 times more.
    """

    fires: dict[str, str]
    silent: dict[str, str]
    labels: dict[str, str]
    minute: int = 61


SERVICES = {
    "ArgoCannotCompare": Case(
        {"argocd_app_info{name='a', sync_status='Unknown'}": "1x70"},
        {"argocd_app_info{name='a', sync_status='Synced'}": "1x70"},
        {"name": "a"},
    ),
    "ArgoDifferent": Case(
        {"argocd_app_info{name='a', sync_status='OutOfSync'}": "1x130"},
        {
            "argocd_app_info{name='a', sync_status='OutOfSync'}": "1x50 _x70",
            "argocd_app_info{name='a', sync_status='Synced'}": "_x50 1x70",
        },
        {"name": "a"},
        minute=61,
    ),
    "ArgoHasWritten": Case(
        {"argocd_app_sync_total{name='a', phase='Succeeded'}": "0x50 1x20"},
        {"argocd_app_sync_total{name='a', phase='Succeeded'}": "1x70"},
        {"name": "a"},
    ),
    "KafkaCanaryMissing": Case(
        {f"{CANARY}{{cronjob='kafka-canary', namespace='a'}}": "0x70"},
        {f"{CANARY}{{cronjob='kafka-canary', namespace='a'}}": "60x70"},
        {"namespace": "a"},
        minute=66,
    ),
    "KafkaCertificateExpiring": Case(
        {"strimzi_certificate_expiration_timestamp_ms{type='a'}": "600000000x130"},
        {"strimzi_certificate_expiration_timestamp_ms{type='a'}": "700000000x130"},
        {"type": "a"},
    ),
    "KafkaDiskFailed": Case(
        {"kafka_log_logmanager_offlinelogdirectorycount{pod='a'}": "1x70"},
        {"kafka_log_logmanager_offlinelogdirectorycount{pod='a'}": "0x70"},
        {"pod": "a"},
    ),
    "KafkaNotReconciled": Case(
        {"strimzi_reconciliations_failed_total{kind='a', pod='b'}": "0+1x70"},
        {"strimzi_reconciliations_failed_total{kind='a', pod='b'}": "0+1x20 20x50"},
        {"kind": "a"},
    ),
    "KafkaPartitionsOffline": Case(
        {
            f"{CONTROLLER}offlinepartitionscount{{namespace='a', pod='b'}}": "1x70",
            f"{CONTROLLER}offlinepartitionscount{{namespace='a', pod='c'}}": "0x70",
        },
        {f"{CONTROLLER}offlinepartitionscount{{namespace='a', pod='b'}}": "0x70"},
        {"namespace": "a"},
    ),
    "KafkaPartitionsReadOnly": Case(
        {f"{REPLICAS}underminisrpartitioncount{{namespace='a', pod='b'}}": "1x70"},
        {f"{REPLICAS}underminisrpartitioncount{{namespace='a', pod='b'}}": "0x58 1x9"},
        {"namespace": "a"},
    ),
    "KafkaPartitionsUnderReplicated": Case(
        {f"{REPLICAS}underreplicatedpartitions{{namespace='a', pod='b'}}": "1x70"},
        {f"{REPLICAS}underreplicatedpartitions{{namespace='a', pod='b'}}": "0x35 1x35"},
        {"namespace": "a"},
    ),
    "KafkaReaderStuck": Case(
        {
            "kafka_consumergroup_lag{consumergroup='a', topic='b', n='0'}": "5x70",
            "kafka_consumergroup_current_offset{consumergroup='a', topic='b', n='0'}": "9x70",
        },
        {
            "kafka_consumergroup_lag{consumergroup='a', topic='b', n='0'}": "5x70",
            "kafka_consumergroup_lag{consumergroup='a', topic='b', n='1'}": "0x70",
            "kafka_consumergroup_current_offset{consumergroup='a', topic='b', n='0'}": "9x70",
            "kafka_consumergroup_current_offset{consumergroup='a', topic='b', n='1'}": "1+1x70",
        },
        {"consumergroup": "a", "topic": "b"},
    ),
    "KafkaWithoutController": Case(
        {
            f"{CONTROLLER}activecontrollercount{{namespace='a', pod='b'}}": "0x70",
            f"{CONTROLLER}activecontrollercount{{namespace='a', pod='c'}}": "0x70",
        },
        {
            f"{CONTROLLER}activecontrollercount{{namespace='a', pod='b'}}": "0x70",
            f"{CONTROLLER}activecontrollercount{{namespace='a', pod='c'}}": "1x70",
        },
        {"namespace": "a"},
    ),
    "KeycloakDown": Case(
        {f"{READY}{{namespace='keycloak', statefulset='keycloak'}}": "0x70"},
        {f"{READY}{{namespace='keycloak', statefulset='keycloak'}}": "1x70"},
        {"namespace": "keycloak", "statefulset": "keycloak"},
    ),
    "KeycloakFailing": Case(
        {
            f"{REQUESTS}{{namespace='keycloak', outcome='SERVER_ERROR'}}": "0+6x70",
            f"{REQUESTS}{{namespace='keycloak', outcome='SUCCESS'}}": "0+94x70",
        },
        {
            f"{REQUESTS}{{namespace='keycloak', outcome='SERVER_ERROR'}}": "0+4x70",
            f"{REQUESTS}{{namespace='keycloak', outcome='CLIENT_ERROR'}}": "0+96x70",
        },
        {"namespace": "keycloak"},
    ),
    "KeycloakLoginsRefused": Case(
        {f"{EVENTS}{{event='login', error='a', realm='b'}}": "0+4x70"},
        {
            f"{EVENTS}{{event='login', error='a', realm='b'}}": "0+3x70",
            f"{EVENTS}{{event='login', error='', realm='b'}}": "0+9x70",
        },
        {"realm": "b"},
    ),
    "KeycloakSplit": Case(
        {
            "vendor_cluster_size{namespace='keycloak', pod='a'}": "1x70",
            "vendor_cluster_size{namespace='keycloak', pod='b'}": "2x70",
            "kube_statefulset_replicas{namespace='keycloak', statefulset='keycloak'}": "2x70",
        },
        {
            "vendor_cluster_size{namespace='keycloak', pod='a'}": "2x70",
            "vendor_cluster_size{namespace='keycloak', pod='b'}": "2x70",
            "kube_statefulset_replicas{namespace='keycloak', statefulset='keycloak'}": "2x70",
        },
        {"namespace": "keycloak"},
    ),
    "KeycloakWaitsForDatabase": Case(
        {"agroal_awaiting_count{namespace='keycloak', pod='a'}": "1x70"},
        {"agroal_awaiting_count{namespace='keycloak', pod='a'}": "0x58 1x9"},
        {"namespace": "keycloak", "pod": "a"},
    ),
}
"""A case for every alert of what runs on top of the ground."""
