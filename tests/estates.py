"""A small estate: two clusters, named one and two, of one node each."""

from gitops.estate import loading
from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.sources.tree import MemoryTree

TEXT = """\
---
domain: example.org
versions:
  talos: v1.13.9
  kubernetes: v1.33.5
  schematic: 376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba
git:
  url: https://git.example.org/estate.git
  branch: main
acme:
  email: people@example.org
vlans:
  nodes:
    id: 11
    subnet: 10.0.11.0/24
    gateway: 10.0.11.1
    mtu: 9000
  provisioning:
    id: 13
    subnet: 10.0.13.0/24
    gateway: 10.0.13.1
    mtu: 1500
  management:
    id: 99
    subnet: 10.0.99.0/24
    gateway: 10.0.99.1
    mtu: 1500
management: management
router:
  model: a router
  asn: 64512
  uplink: ge-0/0/0
  trunk: ae0
  links:
    ge-0/0/1:
      switch: core
      port: 1
bgp:
  hold-time: 9
  keepalive: 3
  restart-time: 60
  prefix-limit: 64
switches:
  core:
    model: a switch
    address: 10.0.99.10
    ports: 16
  tor:
    model: another switch
    address: 10.0.99.11
    ports: 8
    uplink:
      ports:
        - 8
      to: core
      to-ports:
        - 16
hosts:
  outside:
    purpose: names, tapes and power
    address: 10.0.11.30
    vlan: nodes
    links:
      - switch: core
        port: 9
dns:
  servers:
    - outside
ntp:
  - 10.0.11.1
machines:
  small:
    model: a machine
    cpu: a processor
    threads: 12
    memory-gib: 64
node-network:
  vlan: nodes
  provisioning: provisioning
  bond:
    name: bond0
    mode: active-backup
    miimon: 100
    updelay: 200
    downdelay: 200
mesh:
  native-routing: 10.244.0.0/14
clusters:
  one:
    id: 1
    asn: 64513
    api:
      host: one.example.org
      address: 10.0.11.10
      port: 6443
    pods: 10.244.0.0/16
    services: 10.245.0.0/16
    dns-address: 10.245.0.10
    load-balancers: 10.0.20.0/24
    gateways:
      internal: 10.0.20.10
      external: 10.0.20.11
    mesh-port: 32379
    tunnel-id: 00000000-0000-4000-8000-000000000001
    nas-share: /volume1/one
    nodes:
      one-01:
        address: 10.0.11.11
        provisioning-address: 10.0.13.11
        machine: small
        kvm-port: 1
        links:
          bond:
            - mac: 00:00:5e:00:53:11
              switch: tor
              port: 1
            - mac: 00:00:5e:00:53:12
              switch: core
              port: 5
          wake:
            mac: 00:00:5e:00:53:10
            switch: core
            port: 2
        disks:
          install:
            id: wwn-0x5000000000000101
            serial: SSD-101
            size: 500107862016
            transport: sata
          ceph:
            id: nvme-eui.0000000000000101
            serial: CEPH-101
            size: 1000204886016
            transport: nvme
          local:
            id: nvme-eui.0000000000001101
            serial: LOCAL-101
            size: 512110190592
            transport: nvme
  two:
    id: 2
    asn: 64514
    api:
      host: two.example.org
      address: 10.0.11.20
      port: 6443
    pods: 10.246.0.0/16
    services: 10.247.0.0/16
    dns-address: 10.247.0.10
    load-balancers: 10.0.21.0/24
    gateways:
      internal: 10.0.21.10
      external: 10.0.21.11
    mesh-port: 32380
    tunnel-id: 00000000-0000-4000-8000-000000000002
    nas-share: /volume1/two
    nodes:
      two-01:
        address: 10.0.11.14
        provisioning-address: 10.0.13.14
        machine: small
        kvm-port: 2
        links:
          bond:
            - mac: 00:00:5e:00:53:21
              switch: tor
              port: 2
            - mac: 00:00:5e:00:53:22
              switch: core
              port: 6
          wake:
            mac: 00:00:5e:00:53:20
            switch: core
            port: 3
        disks:
          install:
            id: wwn-0x5000000000000201
            serial: SSD-201
            size: 500107862016
            transport: sata
          ceph:
            id: nvme-eui.0000000000000201
            serial: CEPH-201
            size: 1000204886016
            transport: nvme
          local:
            id: nvme-eui.0000000000001201
            serial: LOCAL-201
            size: 512110190592
            transport: nvme
nas:
  model: a NAS
  address: 10.0.11.3
  vlan: nodes
  links:
    - switch: core
      port: 4
  bays: 8
  disk-tb: 12
s3:
  host: s3.example.org
  port: 9000
  region: us-east-1
tape-library:
  model: a tape library
  address: 10.0.99.40
  link:
    switch: core
    port: 12
  host: outside
  slots: 48
  drive: 7
  cartridges:
    - generation: 6
      count: 24
    - generation: 7
      count: 24
power:
  server: outside
  ups:
    model: a UPS
    address: 10.0.99.20
    link:
      switch: core
      port: 13
    battery-packs: 2
    volt-ampere: 2000
    watts: 1400
    shutdown-below:
      two: 1800
      one: 1200
      nas: 600
  ats:
    model: a transfer switch
    address: 10.0.99.21
    link:
      switch: core
      port: 14
kvm:
  model: a KVM
  address: 10.0.99.30
  link:
    switch: core
    port: 15
  ports: 8
"""


def load(text: str = TEXT) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """What the text gives as fleet.yaml."""
    return loading.load(MemoryTree({loading.PATH: text}))


def loaded(text: str = TEXT) -> Loaded:
    """The facts of a text in which nothing is wrong."""
    found, findings = load(text)
    assert findings == ()
    assert found is not None
    return found


def changed(*changes: tuple[str, str]) -> str:
    """The text with other words; each that is replaced stands there once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line(words: str, text: str = TEXT) -> int:
    """The number of the one line that holds these words."""
    (found,) = (number for number, each in enumerate(text.splitlines(), 1) if words in each)
    return found
