"""Who may speak to whom, and addresses that the router hands out."""

import pytest

from tests import estates

ACCESS = """\
access:
  names:
    from:
      - provisioning
    to:
      - outside
    ports:
      - tcp/53
      - udp/53
  time:
    from:
      - nodes
    to:
      - internet
    ports:
      - udp/123
  power:
    from:
      - nodes
    to:
      - management
"""
LEASES = "    gateway: 10.0.99.1\n    mtu: 1500\n    leases:\n      first: {}\n      last: {}\n"


def told(text: str) -> list[tuple[str, str, int]]:
    """Rule, message and line."""
    _, findings = estates.load(text)
    return [(each.rule, each.message, each.at.line) for each in findings]


def test_ends_are_vlans_hosts_and_what_always_is() -> None:
    assert told(estates.TEXT + ACCESS) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        ("- internet", "- outsidde", "estate/unknown-name", "there is no end 'outsidde'"),
        ("udp/123", "udp/70000", "estate/limit", "udp/70000 is no port"),
        ("udp/123", "sctp/123", "estate/value", ""),
    ],
)
def test_what_is_no_end_or_port_is_told(old: str, new: str, rule: str, message: str) -> None:
    text = estates.TEXT + ACCESS.replace(old, new)
    ((found, words, line),) = told(text)
    assert (found, line) == (rule, estates.line(new, text))
    assert words.startswith(message or "access.time.ports.0: ")


def test_leases_are_of_the_network_that_they_are_for() -> None:
    old = "    gateway: 10.0.99.1\n    mtu: 1500\n"
    fitting = LEASES.format("10.0.99.100", "10.0.99.199")
    assert told(estates.changed((old, fitting))) == []
    text = estates.changed((old, LEASES.format("10.0.99.100", "10.0.98.199")))
    message = "10.0.98.199 is the last lease of management, which is no host of VLAN management: "
    assert told(text) == [
        ("estate/outside", f"{message}10.0.99.0/24", estates.line("last: 10.0.98.199", text))
    ]
