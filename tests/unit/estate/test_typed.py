"""Values of wrong types, and keys that are unknown or missing."""

import pytest

from tests import estates


def told(text: str) -> list[tuple[str, int, str]]:
    found, findings = estates.load(text)
    assert found is None
    return [(each.rule, each.at.line, each.message) for each in findings]


def test_a_text_that_is_no_mapping_has_no_facts() -> None:
    assert told("- 1\n") == [("estate/value", 1, "the file: expected a mapping")]


def test_every_mistake_is_told_with_its_line() -> None:
    text = estates.changed(
        ("  email: ", "  mail: "),
        ("asn: 64513", "asn: many"),
        ("switches:\n", "switchs:\n"),
    )
    assert sorted(told(text), key=lambda each: each[1]) == [
        ("estate/missing-key", 2, "the file has no switches"),
        ("estate/missing-key", 10, "acme has no email"),
        ("estate/unknown-key", 11, "acme has no key 'mail'"),
        ("estate/unknown-key", estates.line("switches:"), "the file has no key 'switchs'"),
        (
            "estate/value",
            estates.line("asn: 64513"),
            "clusters.one.asn: expected `int`, got `str`",
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "address: 10.0.11.11",
            "address: 10.0.11",
            "clusters.one.nodes.one-01.address: '10.0.11' is no IPv4 address: "
            "Expected 4 octets in '10.0.11'",
        ),
        (
            "address: 10.0.11.11",
            "address: 11",
            "clusters.one.nodes.one-01.address: expected `IPv4 address`, got `11`",
        ),
        (
            "pods: 10.246.0.0/16",
            "pods: 10.246.0.0/14",
            "clusters.two.pods: '10.246.0.0/14' is no IPv4 network: "
            "10.246.0.0/14 has host bits set",
        ),
        ("    id: 99", "    id: 4095", "vlans.management.id: expected `int` <= 4094"),
        (
            "mac: 00:00:5e:00:53:12",
            "mac: 00-00-5E-00-53-12",
            "clusters.one.nodes.one-01.links.bond.1.mac: "
            "expected `str` matching regex '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$'",
        ),
        (
            "mode: active-backup",
            "mode: active",
            "node-network.bond.mode: invalid enum value 'active'",
        ),
        (
            "id: nvme-eui.0000000000000101",
            "id: nvme0n1",
            "clusters.one.nodes.one-01.disks.ceph.id: "
            "expected `str` matching regex '^(wwn-0x|nvme-eui\\\\.)[0-9a-f]{16}$'",
        ),
        (
            "  talos: v1.13.9",
            "  talos: latest",
            "versions.talos: expected `str` matching regex '^v[0-9]+\\\\.[0-9]+\\\\.[0-9]+$'",
        ),
        (
            "ntp:\n  - 10.0.11.1\n",
            "ntp: []\n",
            "ntp: expected `array` of length >= 1",
        ),
        ("      one-01:", "      one_01:", "clusters.one.nodes.one_01: "),
    ],
)
def test_a_wrong_value_is_told(old: str, new: str, message: str) -> None:
    text = estates.changed((old, new))
    ((rule, line, words),) = told(text)
    assert rule == "estate/value"
    assert line == estates.TEXT[: estates.TEXT.index(old)].count("\n") + 1
    assert words.startswith(message)


def test_a_disk_without_a_purpose_is_told() -> None:
    text = estates.changed(
        (
            "          local:\n            id: nvme-eui.0000000000001201",
            "          spare:\n            id: nvme-eui.0000000000001201",
        )
    )
    assert [each[0] for each in told(text)] == ["estate/unknown-key", "estate/missing-key"]
