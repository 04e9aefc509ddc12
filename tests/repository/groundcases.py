"""What makes alerts fire that tell of one part of the platform, and what must not."""

from tests.repository.cases import Case

POD = "namespace='a', pod='b', container='c'"
OUT = "kube_pod_container_status_last_terminated_reason"
STORE = "clustersecretstore_status_condition"
RETRIES = "fluentbit_output_retries_total"
SNAPSHOTS = "snapshot_controller_operation_total_seconds_count"
FREE = "free_disk_space_bytes{pod='a', path='/b'}"

GROUND = {
    "AlertRulesFailing": Case(
        {"vmalert_alerting_rules_errors_total{alertname='a', pod='b'}": "0+1x70"},
        {"vmalert_alerting_rules_errors_total{alertname='a', pod='b'}": "0+1x20 20x50"},
        {"pod": "b"},
    ),
    "AlertmanagerAlone": Case(
        {"alertmanager_cluster_members{pod='a'}": "1x70"},
        {"alertmanager_cluster_members{pod='a'}": "2x70"},
        {"pod": "a"},
    ),
    "AlertsNotSent": Case(
        {"alertmanager_notifications_failed_total{integration='email', pod='a'}": "0+1x70"},
        {"alertmanager_notifications_failed_total{integration='email', pod='a'}": "0+1x20 20x50"},
        {"integration": "email", "pod": "a"},
    ),
    "ApiServerFailing": Case(
        {
            "apiserver_request_total{code='503'}": "0+4x70",
            "apiserver_request_total{code='200'}": "0+96x70",
        },
        {
            "apiserver_request_total{code='404'}": "0+4x70",
            "apiserver_request_total{code='200'}": "0+96x70",
        },
        {},
    ),
    "CephDataUnavailable": Case(
        {"ceph_pg_total{pool_id='1'}": "32x70", "ceph_pg_active{pool_id='1'}": "31x70"},
        {"ceph_pg_total{pool_id='1'}": "32x70", "ceph_pg_active{pool_id='1'}": "32x70"},
        {"pool_id": "1"},
    ),
    "CephDataUnclean": Case(
        {"ceph_pg_total{pool_id='1'}": "32x200", "ceph_pg_clean{pool_id='1'}": "31x200"},
        {"ceph_pg_total{pool_id='1'}": "32x200", "ceph_pg_clean{pool_id='1'}": "31x100 32x100"},
        {"pool_id": "1"},
        minute=180,
    ),
    "CephMonitorMissing": Case(
        {
            "ceph_mon_quorum_status{ceph_daemon='mon.a'}": "1x70",
            "ceph_mon_quorum_status{ceph_daemon='mon.b'}": "1x70",
            "ceph_mon_quorum_status{ceph_daemon='mon.c'}": "0x70",
        },
        {
            "ceph_mon_quorum_status{ceph_daemon='mon.a'}": "1x70",
            "ceph_mon_quorum_status{ceph_daemon='mon.b'}": "1x70",
            "ceph_mon_quorum_status{ceph_daemon='mon.c'}": "1x70",
        },
        {},
    ),
    "CephPoolFull": Case(
        {"ceph_pool_percent_used{pool_id='1'}": "0.81x70"},
        {"ceph_pool_percent_used{pool_id='1'}": "0.79x70"},
        {"pool_id": "1"},
    ),
    "CephSlow": Case(
        {"ceph_healthcheck_slow_ops": "2x70"}, {"ceph_healthcheck_slow_ops": "0x50 2x20"}, {}
    ),
    "CertificateNotReady": Case(
        {"certmanager_certificate_ready_status{name='a', condition='False'}": "1x130"},
        {"certmanager_certificate_ready_status{name='a', condition='True'}": "1x130"},
        {"name": "a"},
        minute=120,
    ),
    "CiliumMapFull": Case(
        {"cilium_bpf_map_pressure{map_name='a', pod='b'}": "0.95x70"},
        {"cilium_bpf_map_pressure{map_name='a', pod='b'}": "0.85x70"},
        {"map_name": "a"},
    ),
    "ClaimPending": Case(
        {"kube_persistentvolumeclaim_status_phase{phase='Pending', namespace='a'}": "1x70"},
        {"kube_persistentvolumeclaim_status_phase{phase='Bound', namespace='a'}": "1x70"},
        {"phase": "Pending", "namespace": "a"},
    ),
    "ContainerOutOfMemory": Case(
        {
            f"{OUT}{{reason='OOMKilled', {POD}}}": "1x70",
            f"kube_pod_container_status_restarts_total{{{POD}}}": "0x40 1x30",
        },
        {
            f"{OUT}{{reason='Error', {POD}}}": "1x70",
            f"kube_pod_container_status_restarts_total{{{POD}}}": "0x40 1x30",
        },
        {"reason": "OOMKilled", "namespace": "a", "pod": "b", "container": "c"},
    ),
    "DaemonSetIncomplete": Case(
        {
            "kube_daemonset_status_number_ready{daemonset='a'}": "2x70",
            "kube_daemonset_status_desired_number_scheduled{daemonset='a'}": "3x70",
        },
        {
            "kube_daemonset_status_number_ready{daemonset='a'}": "3x70",
            "kube_daemonset_status_desired_number_scheduled{daemonset='a'}": "3x70",
        },
        {"daemonset": "a"},
    ),
    "DnsRecordsStale": Case(
        {"external_dns_controller_last_sync_timestamp_seconds{job='a'}": "0x100"},
        {"external_dns_controller_last_sync_timestamp_seconds{job='a'}": "0+60x100"},
        {"job": "a"},
        minute=90,
    ),
    "DnsUpstreamDown": Case(
        {"coredns_forward_healthcheck_broken_total{pod='a'}": "0+1x70"},
        {"coredns_forward_healthcheck_broken_total{pod='a'}": "0+1x20 20x50"},
        {"pod": "a"},
    ),
    "DragonflyInstanceMissing": Case(
        {
            "dragonfly_uptime_in_seconds{namespace='a', pod='b'}": "60+60x70",
            "dragonfly_uptime_in_seconds{namespace='a', pod='c'}": "60+60x70",
        },
        {
            "dragonfly_uptime_in_seconds{namespace='a', pod='b'}": "60+60x70",
            "dragonfly_uptime_in_seconds{namespace='a', pod='c'}": "60+60x70",
            "dragonfly_uptime_in_seconds{namespace='a', pod='d'}": "60+60x70",
        },
        {"namespace": "a"},
    ),
    "DragonflyMemoryFull": Case(
        {
            "dragonfly_memory_used_bytes{pod='a'}": "91x70",
            "dragonfly_memory_max_bytes{pod='a'}": "100x70",
        },
        {
            "dragonfly_memory_used_bytes{pod='a'}": "89x70",
            "dragonfly_memory_max_bytes{pod='a'}": "100x70",
        },
        {"pod": "a"},
    ),
    "DragonflyReplicaDetached": Case(
        {"dragonfly_master_link_status{pod='a'}": "0x70"},
        {"dragonfly_master_link_status{pod='a'}": "1x70"},
        {"pod": "a"},
    ),
    "DragonflySnapshotsFailing": Case(
        {"dragonfly_failed_backups_total{pod='a'}": "0x50 1x20"},
        {"dragonfly_failed_backups_total{pod='a'}": "1x70"},
        {"pod": "a"},
    ),
    "EtcdDiskSlow": Case(
        {
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='0.064'}": "0+90x70",
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='0.256'}": "0+100x70",
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='+Inf'}": "0+100x70",
        },
        {
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='0.064'}": "0+100x70",
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='0.256'}": "0+100x70",
            "etcd_disk_wal_fsync_duration_seconds_bucket{node='a', le='+Inf'}": "0+100x70",
        },
        {"node": "a"},
    ),
    "EtcdLeaderUnsteady": Case(
        {"etcd_server_leader_changes_seen_total{node='a'}": "1+0.1x70"},
        {"etcd_server_leader_changes_seen_total{node='a'}": "1x30 2x40"},
        {"node": "a"},
    ),
    "EtcdMemberMissing": Case(
        {
            "up{job='etcd', node='a'}": "1x70",
            "up{job='etcd', node='b'}": "1x70",
            "up{job='etcd', node='c'}": "0x70",
        },
        {
            "up{job='etcd', node='a'}": "1x70",
            "up{job='etcd', node='b'}": "1x70",
            "up{job='etcd', node='c'}": "1x70",
        },
        {},
    ),
    "FluxBroken": Case(
        {"flux_instance_info{name='flux', ready='False'}": "1x70"},
        {"flux_instance_info{name='flux', ready='True'}": "1x70"},
        {},
    ),
    "FluxMissing": Case(
        {"flux_resource_info{name='a', kubernetes_cluster='${CLUSTER_NAME}'}": "1x70"},
        {
            "flux_resource_info{name='a', kubernetes_cluster='${CLUSTER_NAME}'}": "1x70",
            "flux_resource_info{name='a', kubernetes_cluster='${PEER_NAME}'}": "1x55",
        },
        {"kubernetes_cluster": "${PEER_NAME}"},
    ),
    "FluxSuspended": Case(
        {"flux_resource_info{name='a', kind='b', suspended='True'}": "1x1600"},
        {"flux_resource_info{name='a', kind='b', suspended='False'}": "1x1600"},
        {"name": "a", "kind": "b"},
        minute=1500,
    ),
    "GatewayFailing": Case(
        {
            "envoy_http_downstream_rq_xx{envoy_response_code_class='5'}": "0+6x70",
            "envoy_http_downstream_rq_xx{envoy_response_code_class='2'}": "0+94x70",
        },
        {
            "envoy_http_downstream_rq_xx{envoy_response_code_class='4'}": "0+6x70",
            "envoy_http_downstream_rq_xx{envoy_response_code_class='2'}": "0+94x70",
        },
        {},
    ),
    "JobFailed": Case(
        {"kube_job_failed{namespace='a', job_name='b', condition='true'}": "1x70"},
        {"kube_job_failed{namespace='a', job_name='b', condition='false'}": "1x70"},
        {"namespace": "a", "job_name": "b", "condition": "true"},
    ),
    "LogsLate": Case(
        {f"{RETRIES}{{pod='a', name='http.0'}}": "0+12x100"},
        {f"{RETRIES}{{pod='a', name='http.0'}}": "0+3x100"},
        {"pod": "a"},
        minute=90,
    ),
    "LogsLost": Case(
        {"fluentbit_output_dropped_records_total{pod='a', name='http.0'}": "0x50 9x20"},
        {"fluentbit_output_dropped_records_total{pod='a', name='http.0'}": "9x70"},
        {"pod": "a"},
    ),
    "MeshNotReady": Case(
        {"cilium_clustermesh_remote_cluster_readiness_status{target_cluster='a'}": "0x70"},
        {"cilium_clustermesh_remote_cluster_readiness_status{target_cluster='a'}": "1x70"},
        {"target_cluster": "a"},
    ),
    "MetricsDropped": Case(
        {"vmagent_remotewrite_packets_dropped_total{pod='a'}": "0x55 3x15"},
        {"vmagent_remotewrite_packets_dropped_total{pod='a'}": "3x70"},
        {"pod": "a"},
    ),
    "NodeCordoned": Case(
        {"kube_node_spec_unschedulable{node='a'}": "1x800"},
        {"kube_node_spec_unschedulable{node='a'}": "1x600 0x200"},
        {"node": "a"},
        minute=750,
    ),
    "NodeUnderPressure": Case(
        {"kube_node_status_condition{node='a', condition='DiskPressure', status='true'}": "1x70"},
        {"kube_node_status_condition{node='a', condition='Ready', status='true'}": "1x70"},
        {"node": "a", "condition": "DiskPressure", "status": "true"},
    ),
    "PoolerWaits": Case(
        {"cnpg_pgbouncer_pools_maxwait{pod='a', database='b', user='c'}": "31x70"},
        {"cnpg_pgbouncer_pools_maxwait{pod='a', database='b', user='c'}": "29x70"},
        {"pod": "a", "database": "b"},
    ),
    "PostgresConnectionsFull": Case(
        {
            "cnpg_backends_total{pod='a', datname='b', state='active'}": "200x70",
            "cnpg_backends_total{pod='a', datname='c', state='idle'}": "130x70",
            "cnpg_pg_settings_setting{pod='a', name='max_connections'}": "400x70",
        },
        {
            "cnpg_backends_total{pod='a', datname='b', state='active'}": "200x70",
            "cnpg_backends_total{pod='a', datname='c', state='idle'}": "110x70",
            "cnpg_pg_settings_setting{pod='a', name='max_connections'}": "400x70",
        },
        {"pod": "a"},
    ),
    "PostgresFenced": Case(
        {"cnpg_collector_fencing_on{pod='a'}": "1x70"},
        {"cnpg_collector_fencing_on{pod='a'}": "0x70"},
        {"pod": "a"},
    ),
    "PostgresNumbersRunOut": Case(
        {"cnpg_pg_database_xid_age{datname='a'}": "501000000x130"},
        {"cnpg_pg_database_xid_age{datname='a'}": "499000000x130"},
        {"datname": "a"},
        minute=120,
    ),
    "PostgresTransactionStuck": Case(
        {"cnpg_backends_max_tx_duration_seconds{datname='a', usename='b'}": "0+120x130"},
        {"cnpg_backends_max_tx_duration_seconds{datname='a', usename='b'}": "0+50x130"},
        {"datname": "a", "usename": "b"},
        minute=120,
    ),
    "ReloadsFailing": Case(
        {"reloader_reload_executed_total{success='false'}": "0x40 1x30"},
        {"reloader_reload_executed_total{success='true'}": "0x40 1x30"},
        {},
    ),
    "SeriesGrow": Case(
        {"vm_new_timeseries_created_total": "0+36000x200"},
        {"vm_new_timeseries_created_total": "0+24000x200"},
        {},
        minute=150,
    ),
    "SnapshotsFailing": Case(
        {f"{SNAPSHOTS}{{operation_name='a', operation_status='failure'}}": "0+0.2x100"},
        {f"{SNAPSHOTS}{{operation_name='a', operation_status='success'}}": "0+0.2x100"},
        {"operation_name": "a"},
        minute=90,
    ),
    "StoreNearlyFull": Case(
        {f"vm_{FREE}": "9000000000x70"},
        {f"vm_{FREE}": "11000000000x70", f"vl_{FREE}": "11000000000x70"},
        {"pod": "a", "path": "/b"},
    ),
    "StoreReadOnly": Case(
        {"vl_storage_is_read_only{pod='a', path='/b'}": "1x70"},
        {"vl_storage_is_read_only{pod='a', path='/b'}": "0x70"},
        {"pod": "a"},
    ),
    "TunnelDown": Case(
        {
            "cloudflared_tunnel_ha_connections{pod='a'}": "0x70",
            "cloudflared_tunnel_ha_connections{pod='b'}": "0x70",
        },
        {
            "cloudflared_tunnel_ha_connections{pod='a'}": "0x70",
            "cloudflared_tunnel_ha_connections{pod='b'}": "4x70",
        },
        {},
    ),
    "VaultUnreachable": Case(
        {f"{STORE}{{name='onepassword', condition='Ready', status='False'}}": "1x70"},
        {f"{STORE}{{name='onepassword', condition='Ready', status='True'}}": "1x70"},
        {"name": "onepassword"},
    ),
}
