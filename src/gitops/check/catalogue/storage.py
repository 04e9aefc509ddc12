"""Rules about classes, claims and snapshots."""

from gitops.check import rule

RULES = (
    rule.whole(
        "storage/access-mode",
        "A driver cannot give an access mode that is asked of it",
        rationale="""
            The claim is never bound, or a second pod never starts. A block device or a folder of
            one node has one writer.
            """,
        example="""
            storageClassName: ceph-block
            accessModes: [ReadWriteMany]
            """,
        fix="use a class of a shared file system, or ReadWriteOnce.",
    ),
    rule.warning(
        "storage/bucket-field",
        "A claim of a bucket sets what changes nothing",
        rationale="""
            Rook passes over fields that it does not know. maxSize and maxObjects are quotas of the
            user that it makes for a bucket: with bucketOwner it makes none, and sets no quota.
            """,
        example="additionalConfig: {bucketOwner: harbor, maxSize: 200G}",
        fix="use bucketMaxSize and bucketMaxObjects, which limit the bucket; correct the name.",
    ),
    rule.warning(
        "storage/bucket-unclaimed",
        "Settings name a bucket that nobody claims",
        rationale="""
            S3 answers with NoSuchBucket when something is first written. Told is of a name that
            nearly is a claimed one, and where a namespace claims a bucket that nothing names.
            """,
        example="""
            # the ObjectBucketClaim has bucketName: registry-layers
            values: {s3: {bucket: registry-layer}}
            """,
        fix="name the bucket that is claimed.",
    ),
    rule.whole(
        "storage/driver-key",
        "A class of Ceph has the key of another driver",
        rationale="""
            Rook makes a key for blocks and one for files. Ceph refuses the driver with the other
            one: no volume is made, and no snapshot.
            """,
        example="""
            driver: rook-ceph.cephfs.csi.ceph.com
            parameters: {csi.storage.k8s.io/snapshotter-secret-name: rook-csi-rbd-provisioner}
            """,
        fix="name the Secret of the driver.",
    ),
    rule.whole(
        "storage/snapshot-driver",
        "A volume is to be made of a snapshot by another driver",
        rationale="""
            Only the driver that took a snapshot can make a volume of it. The claim waits for ever,
            and with it every copy.
            """,
        example="""
            # ReplicationSource
            restic: {copyMethod: Snapshot, storageClassName: local, volumeSnapshotClassName: ceph}
            """,
        fix="name classes of one driver.",
    ),
    rule.whole(
        "storage/bucket-refused",
        "A claim of a bucket asks for what Rook is not told to allow",
        rationale="""
            Whoever may claim buckets may otherwise take those of others: fields besides maxSize and
            maxObjects are refused, and the whole claim with them, unless the operator's settings
            allow them. What reads the Secret of the bucket waits.
            """,
        example="""
            # values of the chart of Rook
            obcAllowAdditionalConfigFields: maxObjects,maxSize
            # ObjectBucketClaim
            additionalConfig: {bucketOwner: harbor}
            """,
        fix="allow the field, without a space after the comma, or leave it out.",
    ),
    rule.outside(
        "storage/claim-missing",
        "A pod mounts a claim that does not exist",
        rationale="The scheduler leaves the pod pending for ever.",
        example="persistentVolumeClaim: {claimName: dat}",
        fix="correct the name, or add the claim.",
    ),
    rule.outside(
        "storage/class-missing",
        "A StorageClass is asked for that does not exist",
        rationale="""
            The claim stays pending without an error. Reported only in clusters whose classes are
            among the objects.
            """,
        example="storageClassName: ceph-blok",
        fix="use the name of a class that exists.",
    ),
    rule.outside(
        "storage/no-default-class",
        "A claim asks for no class, and none is the default",
        rationale="The claim stays pending without an error.",
        example="""
            spec:
              accessModes: [ReadWriteOnce] # and no storageClassName
            """,
        fix="""
            name a class, or annotate one with storageclass.kubernetes.io/is-default-class.
            """,
    ),
    rule.outside(
        "storage/snapshot-class-missing",
        "A VolumeSnapshotClass is asked for that does not exist",
        rationale="No snapshot is ever taken, and backups that rest on it fail.",
        example="volumeSnapshotClassName: ceph-blok",
        fix="use the name of a class that exists.",
    ),
    rule.warning(
        "storage/two-defaults",
        "Several StorageClasses are the default",
        rationale="""
            The newest one is taken: where data goes depends on the order in which classes were
            made.
            """,
        example='storageclass.kubernetes.io/is-default-class: "true" # on two classes',
        fix="leave the annotation to one of them.",
    ),
    rule.warning(
        "storage/attached-twice",
        "Two workloads mount what only one node may",
        rationale="""
            A volume that is ReadWriteOnce is attached to one node. Pods of the second workload
            that come to another node wait there until the first one is gone.
            """,
        example="""
            # Deployment/store mounts the same claim, which is ReadWriteOnce
            kind: CronJob
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      volumes:
                        - name: store
                          persistentVolumeClaim:
                            claimName: store
            """,
        fix="keep it beside the other one by podAffinity, or use a volume of many nodes.",
    ),
    rule.whole(
        "storage/bound-early",
        "Local volumes are made before a pod has its node",
        rationale="""
            A volume of one node has to be made on the node of its pod. With the binding mode
            Immediate, the default, there is no pod yet: the provisioner refuses, or the pod finds
            no node.
            """,
        example="""
            kind: StorageClass
            provisioner: openebs.io/local
            volumeBindingMode: Immediate
            """,
        fix="set volumeBindingMode: WaitForFirstConsumer.",
    ),
    rule.error(
        "storage/disk-twice",
        "Two nodes have the same disk",
        rationale="""
            A name of a disk that holds its serial number is that of one disk. On the second
            machine it is not found, and Ceph has one disk fewer than it seems.
            """,
        example="""
            nodes:
              - name: one
                devices:
                  - name: /dev/disk/by-id/nvme-SERIAL_1
              - name: two
                devices:
                  - name: /dev/disk/by-id/nvme-SERIAL_1
            """,
        fix="name the disk that is in that machine.",
    ),
    rule.outside(
        "storage/user-refused",
        "A user of an object store is in a namespace that the store takes none from",
        rationale="""
            Rook makes users for other namespaces than the store's own only where the store names
            them. The user is never made, and neither is the Secret that somebody waits for.
            """,
        example="""
            # CephObjectStore
            allowUsersInNamespaces: [harbor]
            # CephObjectStoreUser in namespace gitlab
            spec: {store: objects, clusterNamespace: rook-ceph}
            """,
        fix="add the namespace to allowUsersInNamespaces.",
    ),
)
