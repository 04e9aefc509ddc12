"""What makes the alerts of the ground that services stand on fire, and what must not."""

from tests.repository.cases import Case

DONE = "kube_cronjob_status_last_successful_time"
MADE = "kube_cronjob_created"
VOLSYNC = "volsync_volume_out_of_sync"

PLATFORM = {
    "BackupLate": Case(
        {f"{DONE}{{namespace='a', cronjob='b-backup'}}": "0x2400"},
        {
            f"{DONE}{{namespace='a', cronjob='b-backup'}}": "0+60x2400",
            f"{DONE}{{namespace='a', cronjob='canary'}}": "0x2400",
        },
        {"namespace": "a", "cronjob": "b-backup"},
        minute=2300,
    ),
    "BackupNeverMade": Case(
        {f"{MADE}{{namespace='a', cronjob='b-backup', pod='c'}}": "0x2400"},
        {
            f"{MADE}{{namespace='a', cronjob='b-backup', pod='c'}}": "0x2400",
            f"{DONE}{{namespace='a', cronjob='b-backup', pod='d'}}": "0x2400",
        },
        {"namespace": "a", "cronjob": "b-backup"},
        minute=2300,
    ),
    "BgpSessionDown": Case(
        {"cilium_bgp_control_plane_session_state{pod='a'}": "1x10 0x60"},
        {"cilium_bgp_control_plane_session_state{pod='a'}": "1x57 0x10"},
        {"pod": "a"},
    ),
    "CephError": Case({"ceph_health_status{}": "2x70"}, {"ceph_health_status{}": "1x70"}, {}),
    "CephNearlyFull": Case(
        {"ceph_cluster_total_used_bytes": "76x70", "ceph_cluster_total_bytes": "100x70"},
        {"ceph_cluster_total_used_bytes": "74x70", "ceph_cluster_total_bytes": "100x70"},
        {},
    ),
    "CephOsdDown": Case(
        {"ceph_osd_up{ceph_daemon='osd.0'}": "0x70"},
        {"ceph_osd_up{ceph_daemon='osd.0'}": "1x70"},
        {"ceph_daemon": "osd.0"},
    ),
    "CephWarning": Case(
        {"ceph_health_status{}": "1x70"}, {"ceph_health_status{}": "0x35 1x35"}, {}
    ),
    "CertificateExpiring": Case(
        {"certmanager_certificate_expiration_timestamp_seconds{name='a'}": "1200000x130"},
        {"certmanager_certificate_expiration_timestamp_seconds{name='a'}": "1300000x130"},
        {"name": "a"},
        minute=120,
    ),
    "DeploymentIncomplete": Case(
        {
            "kube_deployment_status_replicas_available{deployment='a'}": "1x70",
            "kube_deployment_spec_replicas{deployment='a'}": "2x70",
        },
        {
            "kube_deployment_status_replicas_available{deployment='a'}": "2x35 1x35",
            "kube_deployment_spec_replicas{deployment='a'}": "2x70",
        },
        {"deployment": "a"},
    ),
    "DnsFailing": Case(
        {
            "coredns_dns_responses_total{kubernetes_cluster='a', rcode='SERVFAIL'}": "0+6x70",
            "coredns_dns_responses_total{kubernetes_cluster='a', rcode='NOERROR'}": "0+94x70",
        },
        {
            "coredns_dns_responses_total{kubernetes_cluster='a', rcode='SERVFAIL'}": "0+4x70",
            "coredns_dns_responses_total{kubernetes_cluster='a', rcode='NOERROR'}": "0+96x70",
        },
        {"kubernetes_cluster": "a"},
    ),
    "EtcdNearlyFull": Case(
        {"etcd_mvcc_db_total_size_in_bytes": "81x70", "etcd_server_quota_backend_bytes": "100x70"},
        {"etcd_mvcc_db_total_size_in_bytes": "79x70", "etcd_server_quota_backend_bytes": "100x70"},
        {},
    ),
    "EtcdWithoutLeader": Case(
        {"etcd_server_has_leader{node='a'}": "0x70"},
        {"etcd_server_has_leader{node='a'}": "1x70"},
        {"node": "a"},
    ),
    "FluxNotReady": Case(
        {"flux_resource_info{name='a', kind='b', ready='False', suspended='False'}": "1x70"},
        {"flux_resource_info{name='a', kind='b', ready='False', suspended='True'}": "1x70"},
        {"name": "a", "kind": "b"},
    ),
    "MetricsWaiting": Case(
        {
            "vmagent_remotewrite_pending_data_bytes{kubernetes_cluster='a', pod='b'}": "3e8x70",
            "vmagent_remotewrite_pending_data_bytes{kubernetes_cluster='a', pod='c'}": "3e8x70",
        },
        {"vmagent_remotewrite_pending_data_bytes{kubernetes_cluster='a', pod='b'}": "3e8x70"},
        {"kubernetes_cluster": "a"},
    ),
    "NodeClockWrong": Case(
        {"node_timex_offset_seconds{node='a'}": "-0.06x70"},
        {"node_timex_offset_seconds{node='a'}": "0.04x70"},
        {"node": "a"},
    ),
    "NodeDiskErrors": Case(
        {"node_filesystem_device_error{mountpoint='/var', fstype='xfs'}": "0x58 1x10"},
        {
            "node_filesystem_device_error{mountpoint='/run', fstype='tmpfs'}": "1x70",
            "node_filesystem_readonly{mountpoint='/'}": "1x70",
        },
        {"mountpoint": "/var", "fstype": "xfs"},
    ),
    "NodeFilesystemFull": Case(
        {
            "node_filesystem_avail_bytes{mountpoint='/var', fstype='xfs'}": "9x70",
            "node_filesystem_size_bytes{mountpoint='/var', fstype='xfs'}": "100x70",
        },
        {
            "node_filesystem_avail_bytes{mountpoint='/run', fstype='tmpfs'}": "0x70",
            "node_filesystem_size_bytes{mountpoint='/run', fstype='tmpfs'}": "100x70",
        },
        {"mountpoint": "/var", "fstype": "xfs"},
    ),
    "NodeMemoryShort": Case(
        {"node_memory_MemAvailable_bytes": "4x70", "node_memory_MemTotal_bytes": "100x70"},
        {"node_memory_MemAvailable_bytes": "6x70", "node_memory_MemTotal_bytes": "100x70"},
        {},
    ),
    "NodeNotReady": Case(
        {"kube_node_status_condition{node='a', condition='Ready', status='true'}": "0x70"},
        {"kube_node_status_condition{node='a', condition='Ready', status='false'}": "0x70"},
        {"node": "a", "condition": "Ready", "status": "true"},
    ),
    "PodNotRunning": Case(
        {"kube_pod_status_phase{namespace='a', pod='b', phase='Pending'}": "1x70"},
        {"kube_pod_status_phase{namespace='a', pod='b', phase='Succeeded'}": "1x70"},
        {"namespace": "a", "pod": "b"},
    ),
    "PodRestarting": Case(
        {"kube_pod_container_status_restarts_total{pod='a'}": "0+0.2x70"},
        {"kube_pod_container_status_restarts_total{pod='a'}": "0x45 1x25"},
        {"pod": "a"},
    ),
    "PostgresArchiveLate": Case(
        {"cnpg_collector_pg_wal_archive_status{pod='a', value='ready'}": "21x70"},
        {"cnpg_collector_pg_wal_archive_status{pod='a', value='done'}": "21x70"},
        {"pod": "a", "value": "ready"},
    ),
    "PostgresBackupOld": Case(
        {
            "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
            "{cluster='a', pod='b'}": "0x2400",
            "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
            "{cluster='a', pod='c'}": "60x2400",
        },
        {
            "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
            "{cluster='a', pod='b'}": "0x2400",
            "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
            "{cluster='a', pod='c'}": "86400x2400",
        },
        {"cluster": "a"},
        minute=2300,
    ),
    "PostgresDown": Case(
        {"cnpg_collector_up{pod='a'}": "0x70"}, {"cnpg_collector_up{pod='a'}": "1x70"}, {"pod": "a"}
    ),
    "PostgresReplicaLate": Case(
        {"cnpg_pg_replication_lag{pod='a'}": "61x70"},
        {"cnpg_pg_replication_lag{pod='a'}": "59x70"},
        {"pod": "a"},
    ),
    "SecretNotSynced": Case(
        {"externalsecret_status_condition{name='a', condition='Ready', status='False'}": "1x70"},
        {"externalsecret_status_condition{name='a', condition='Ready', status='True'}": "1x70"},
        {"name": "a", "condition": "Ready", "status": "False"},
    ),
    "StatefulSetIncomplete": Case(
        {
            "kube_statefulset_status_replicas_ready{statefulset='a'}": "2x70",
            "kube_statefulset_replicas{statefulset='a'}": "3x70",
        },
        {
            "kube_statefulset_status_replicas_ready{statefulset='a'}": "3x70",
            "kube_statefulset_replicas{statefulset='a'}": "3x70",
        },
        {"statefulset": "a"},
    ),
    "TargetDown": Case({"up{job='a'}": "0x70"}, {"up{job='a'}": "0x55 1x15"}, {"job": "a"}),
    "VolumeBackupLate": Case(
        {f"{VOLSYNC}{{obj_namespace='a', obj_name='b', role='source'}}": "1x500"},
        {
            f"{VOLSYNC}{{obj_namespace='a', obj_name='b', role='source'}}": "1x300 0x200",
            f"{VOLSYNC}{{obj_namespace='a', obj_name='c', role='destination'}}": "1x500",
        },
        {"obj_namespace": "a", "obj_name": "b"},
        minute=400,
    ),
    "VolumeFull": Case(
        {
            "kubelet_volume_stats_available_bytes{persistentvolumeclaim='a'}": "9x70",
            "kubelet_volume_stats_capacity_bytes{persistentvolumeclaim='a'}": "100x70",
        },
        {
            "kubelet_volume_stats_available_bytes{persistentvolumeclaim='a'}": "11x70",
            "kubelet_volume_stats_capacity_bytes{persistentvolumeclaim='a'}": "100x70",
        },
        {"persistentvolumeclaim": "a"},
    ),
}
