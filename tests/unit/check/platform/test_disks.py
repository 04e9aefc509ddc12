"""What claims of a cluster ask for."""

from gitops.check.index import Index
from gitops.check.platform.capacity import disks
from gitops.check.platform.capacity.disks import Volumes
from tests.unit.check import clusters

CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: wiki, namespace: wiki}
spec:
  storageClassName: block
  resources: {requests: {storage: 1Gi}}
"""
SET = """\
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: queue}
spec:
  replicas: 3
  template: {spec: {containers: []}}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        storageClassName: local
        resources: {requests: {storage: 2Gi}}
"""
BUCKET = """\
---
apiVersion: objectbucket.io/v1alpha1
kind: ObjectBucketClaim
metadata: {name: uploads, namespace: wiki}
spec: {storageClassName: bucket, additionalConfig: {maxSize: 3G}}
"""


def test_claims_sets_and_buckets_are_counted_with_their_sizes() -> None:
    facts = Index(clusters.cluster(clusters.kustomization("a", CLAIM + SET + BUCKET)))
    assert list(disks.asked(facts)) == [
        Volumes("block", 1024**3, 1),
        Volumes("local", 2 * 1024**3, 3),
        Volumes("bucket", 3_000_000_000, 1),
    ]
