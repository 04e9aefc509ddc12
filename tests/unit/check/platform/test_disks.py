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


def test_a_bucket_with_an_owner_of_its_own_has_no_size_but_the_buckets() -> None:
    limits = ("bucketOwner: wiki, maxSize: 3G", "bucketOwner: wiki, bucketMaxSize: 2G")
    texts = (BUCKET.replace("maxSize: 3G", each) for each in limits)
    known = (Index(clusters.cluster(clusters.kustomization("a", text))) for text in texts)
    assert [each.size for facts in known for each in disks.asked(facts)] == [0, 2_000_000_000]
