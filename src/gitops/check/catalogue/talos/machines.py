"""Rules about machines themselves: disks, links, images, services."""

from gitops.check import rule

RULES = (
    rule.error(
        "talos/conflict",
        "A document and the old configuration set the same thing",
        rationale="""
            Talos refuses the whole configuration, because it cannot know which of them is meant.
            """,
        example="""
            machine:
              network:
                hostname: infra-01
            ---
            kind: HostnameConfig
            hostname: infra-01
            """,
        fix="keep the document, which is what newer versions read.",
    ),
    rule.error(
        "talos/document",
        "A machine configuration holds a document that Talos cannot read",
        rationale="""
            Talos reads strictly: one document of an unknown kind, without a kind, or twice, and it
            refuses all of them.
            """,
        example="""
            apiVersion: v1alpha1
            kind: HostConfig # the kind is HostnameConfig
            hostname: infra-01
            """,
        fix="correct the kind, or make one document of both.",
    ),
    rule.error(
        "talos/extension",
        "A service and its extension do not fit together",
        rationale="""
            A configuration for an extension that the image does not hold is refused by nobody and
            does nothing. An extension without its configuration waits for it for ever.
            """,
        example="""
            kind: ExtensionServiceConfig
            name: nut # the extension is nut-client
            """,
        fix="name an extension of talos/schematic.yaml, and give each its file.",
    ),
    rule.error(
        "talos/file",
        "Talos is asked to create a file where it does not",
        rationale="""
            Everything but /var is read-only. Talos stops applying the configuration when it gets to
            the file.
            """,
        example="""
            files:
              - path: /etc/motd
                op: create
            """,
        fix="create files below /var, or overwrite one that exists.",
    ),
    rule.error(
        "talos/host-name",
        "A node would be called otherwise than in fleet.yaml",
        rationale="""
            Everything that names nodes comes from fleet.yaml: disks for Ceph, BGP, monitoring. A
            node under another name is a new node to Kubernetes.
            """,
        example="""
            kind: HostnameConfig
            hostname: infra-01
            auto: stable # one of the two
            """,
        fix='write the name of the facts, with auto: "off".',
    ),
    rule.error(
        "talos/install",
        "Talos would be installed on another disk, or on none",
        rationale="""
            The installer wipes what is selected. A selector by type or size takes the disk of Ceph
            on a node where somebody changed a part.
            """,
        example="""
            install:
              diskSelector:
                type: ssd # whatever does not turn, NVMe included
            """,
        fix="select the disk by its number: wwid.",
    ),
    rule.error(
        "talos/install-image",
        "The image that is installed is not that of the facts",
        rationale="""
            It decides the version of Talos and its extensions. One without extensions installs
            well, and then microcode, LLDP and the way down in a power cut are missing.
            """,
        example="""
            install:
              image: ghcr.io/siderolabs/installer:v1.13.9
            """,
        fix="take the installer of the Image Factory with schematic and version of fleet.yaml.",
    ),
    rule.error(
        "talos/layers",
        "Machines throw away the layers that Spegel hands out",
        rationale="""
            containerd discards layers once they are unpacked, as Talos configures it. Spegel then
            tells other nodes of images of which it has nothing, and each node fetches all of them
            from their registry.
            """,
        example="""
            files: [] # and no discard_unpacked_layers = false for containerd
            """,
        fix="write discard_unpacked_layers = false to /etc/cri/conf.d/20-customization.part.",
    ),
    rule.error(
        "talos/link",
        "Links of a node do not fit together",
        rationale="""
            Talos takes the documents one by one and waits for what is missing: a VLAN on a bond
            that nobody makes never gets its address, and the node is gone from the network.
            """,
        example="""
            kind: VLANConfig
            name: bond0.11
            parent: bond1 # the bond is bond0
            """,
        fix="correct the name or the number; fleet.yaml says what the switches expect.",
    ),
    rule.error(
        "talos/log-receiver",
        "Logs are sent where nobody can receive them",
        rationale="""
            Talos refuses an address without a protocol, a host or a port, and knows one format
            only. To a port that nobody takes it goes on sending, and the logs are lost.
            """,
        example="""
            logging:
              destinations:
                - endpoint: http://127.0.0.1:5170/
                  format: json_lines
            """,
        fix="write tcp:// or udp://, a host and a port that an agent takes of the node.",
    ),
    rule.error(
        "talos/machine-type",
        "A node is no control plane",
        rationale="""
            All nodes of both clusters are, by fleet.yaml. A worker gets no keys of the cluster,
            runs no etcd and does not answer at the shared address.
            """,
        example="""
            machine:
              type: worker
            """,
        fix="make it controlplane.",
    ),
    rule.error(
        "talos/mirror",
        "A mirror takes a registry away from Spegel",
        rationale="""
            containerd asks the folder of a registry first and Spegel's only where there is none.
            Each node then fetches every image of that registry by itself.
            """,
        example="""
            kind: RegistryMirrorConfig
            name: docker.io
            endpoints:
              - url: https://mirror.lab.example
            """,
        fix="remove the mirror, or name the registries that Spegel is for.",
    ),
    rule.note(
        "talos/no-schema",
        "Fields of machine configurations were not checked",
        rationale="""
            A schema belongs to its version of Talos and to its makers, so it is not part of this
            program. Without it, unknown fields are only found by Talos.
            """,
        example="""
            versions:
              talos: v1.13.9 # and no schema was imported
            """,
        fix="import config.schema.json of that version with gitops schemas import.",
    ),
    rule.error(
        "talos/node-address",
        "A node would not have the address of fleet.yaml",
        rationale="""
            Router, certificates and the other nodes know it by that address. One that leaves by
            another gateway gets no answers.
            """,
        example="""
            kind: VLANConfig
            addresses:
              - address: 10.25.11.12/24 # infra-01 is 10.25.11.11
            """,
        fix="take address, prefix and gateway from the facts.",
    ),
    rule.error(
        "talos/resolver",
        "A node asks other name servers than fleet.yaml says",
        rationale="""
            Names of the estate, such as that of the API and of the NAS, are known to its own
            servers only.
            """,
        example="""
            kind: ResolverConfig
            nameservers:
              - address: 1.1.1.1
            """,
        fix="name the servers of the facts.",
    ),
    rule.error(
        "talos/schema",
        "A machine configuration is not of the form of its Talos",
        rationale="""
            Talos refuses unknown fields and wrong types. Fields that are deprecated it still takes,
            and drops in a later version.
            """,
        example="""
            machine:
              sysctls:
                vm.max_map_count: 262144 # a text is expected
            """,
        fix="correct the field in the template.",
    ),
    rule.error(
        "talos/schematic",
        "The images in use are not those of talos/schematic.yaml",
        rationale="""
            The id in fleet.yaml decides what is installed. While it is another, an extension that
            was added is on no node.
            """,
        example="""
            versions:
              schematic: 376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba
            """,
        fix="post the file to the Image Factory and write its id into fleet.yaml.",
    ),
    rule.error(
        "talos/second-opinion",
        "A machine configuration is refused by talosctl",
        rationale="""
            It judges with the code of Talos itself, so the machine would refuse it, too.
            """,
        example="""
            machine:
              type: controlplane
              ca: {}
            """,
        fix="correct what it says; where gitops found nothing, please report it.",
    ),
    rule.error(
        "talos/selector",
        "A selector of disks or links is wrong, or selects something else",
        rationale="""
            Talos formats the disks that are selected. One that is not typed right is refused, and
            one that selects two takes either.
            """,
        example="""
            diskSelector:
              match: disk.size < 600 * GB # an int; 600u is the uint that it takes
            """,
        fix="select by the number that the part was made with: wwid or permanent_addr.",
    ),
    rule.error(
        "talos/shared-address",
        "Nobody would answer at the address of the API",
        rationale="""
            It moves among the control planes by election. Without the document, or on a link that
            is not there, nobody takes it.
            """,
        example="""
            kind: Layer2VIPConfig
            name: 10.25.11.10
            link: bond0 # addresses are on bond0.11
            """,
        fix="give every control plane the address of fleet.yaml, on the link of its own.",
    ),
    rule.error(
        "talos/template",
        "The template of machine configurations says no text",
        rationale="""
            A variable that nobody gave, or a mistake in its form: no node could be configured.
            """,
        example="""
            hostname: {{ node.hostname }} # the variable is node.name
            """,
        fix="correct the name; src/gitops/talos/variables.py says what there is.",
    ),
    rule.error(
        "talos/time",
        "A node would have no time, or two sources of it",
        rationale="""
            etcd and every certificate need clocks that agree; Talos does not start Kubernetes
            before.
            """,
        example="""
            kind: TimeSyncConfig
            enabled: false
            """,
        fix="leave it enabled, with the servers of the facts.",
    ),
    rule.error(
        "talos/volume",
        "A volume cannot be as it is described",
        rationale="""
            Talos refuses the document, or waits for a disk with enough room, and what keeps its
            data there waits, too.
            """,
        example="""
            kind: UserVolumeConfig
            name: local_hostpath # no underscores
            """,
        fix="correct the name, the sizes or the type.",
    ),
    rule.warning(
        "talos/volume-missing",
        "Data are kept in the folder of a volume that machines do not have",
        rationale="""
            Talos mounts a volume at /var/mnt and its name. A folder of another name is one of the
            disk of the system: it fills up there, and an installation anew wipes it.
            """,
        example="""
            kind: UserVolumeConfig
            name: local # and a StorageClass keeps volumes in /var/mnt/local-hostpath
            """,
        fix="correct the path or the name, or add the volume.",
    ),
    rule.error(
        "talos/watchdog",
        "The watchdog is not set as Talos can",
        rationale="""
            Below ten seconds Talos refuses: a busy machine would be reset in the middle of its
            work.
            """,
        example="""
            kind: WatchdogTimerConfig
            device: /dev/watchdog0
            timeout: 5s
            """,
        fix="name the device and ten seconds or more.",
    ),
)
