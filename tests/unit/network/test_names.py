"""The internal DNS."""

from gitops.model.estate import Estate
from gitops.network import names
from tests import estates

ZONE = """\
; Derived from fleet.yaml by `gitops network render`: change that file and run it again.
; Updates have changed the zone since. To replace it: `rndc freeze example.org`, copy,
; `rndc thaw example.org`, and `rndc retransfer example.org` on the others; clusters add theirs.
$TTL 300
@ IN SOA outside.example.org. people.example.org. (
  1     ; serial: updates count it up
  3600  ; refresh
  600   ; retry
  86400 ; expire
  60    ; what is not there
)
@ IN NS outside.example.org.
ats.net IN A 10.0.99.21
core.net IN A 10.0.99.10
kvm.net IN A 10.0.99.30
nas IN A 10.0.11.3
one IN A 10.0.11.10
one-01 IN A 10.0.11.11
outside IN A 10.0.11.30
router.management.net IN A 10.0.99.1
router.nodes.net IN A 10.0.11.1
router.provisioning.net IN A 10.0.13.1
s3 IN A 10.0.11.3
tapes.net IN A 10.0.99.40
tor.net IN A 10.0.99.11
two IN A 10.0.11.20
two-01 IN A 10.0.11.14
ups.net IN A 10.0.99.20
"""


def test_the_zone_holds_what_does_not_depend_on_clusters() -> None:
    assert names.files(estates.loaded().estate)["network/dns/example.org.zone"] == ZONE


def test_each_cluster_updates_with_a_key_of_its_own_and_changes_none_of_our_names() -> None:
    found = names.files(estates.loaded().estate)["network/dns/outside.conf"].splitlines()
    policy = found[found.index("  update-policy {") + 1 : found.index("  };")]
    assert policy[-2:] == [
        '    grant "external-dns-one" zonesub A AAAA CNAME SRV TXT;',
        '    grant "external-dns-two" zonesub A AAAA CNAME SRV TXT;',
    ]
    held = ["example.org.", *(f"{name}.example.org." for name in names.records(_estate()))]
    assert policy[:-2] == [
        f'    deny "external-dns-{cluster}" name {name} ANY;'
        for name in held
        for cluster in ("one", "two")
    ]


def test_the_key_is_named_and_not_held() -> None:
    found = names.files(_estate())["network/dns/outside.conf"]
    assert [line.strip() for line in found.splitlines() if "secret" in line] == [
        'secret "op://one/dns-server/tsig-secret";',
        'secret "op://two/dns-server/tsig-secret";',
    ]


def test_another_server_takes_the_zone_from_the_first() -> None:
    second = "  other:\n    purpose: names\n    address: 10.0.11.31\n    vlan: nodes\ndns:\n"
    text = estates.changed(
        ("dns:\n  servers:\n    - outside\n", second + "  servers:\n    - outside\n    - other\n")
    )
    found = names.files(estates.loaded(text).estate)
    assert "  primaries { 10.0.11.30; };\n" in found["network/dns/other.conf"]
    assert "  also-notify { 10.0.11.31; };\n" in found["network/dns/outside.conf"]


def _estate() -> Estate:
    return estates.loaded().estate
