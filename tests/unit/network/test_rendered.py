"""Every file that configures the network."""

from gitops.network import rendered
from tests import estates


def test_each_device_has_a_file_and_people_a_page() -> None:
    assert sorted(rendered.files(estates.loaded().estate)) == [
        "docs/reference/network.md",
        "network/dns/example.org.zone",
        "network/dns/outside.conf",
        "network/srx320.conf",
        "network/switches/core.cfg",
        "network/switches/tor.cfg",
    ]


def test_the_page_tells_what_the_router_takes_and_what_hangs_where() -> None:
    page = rendered.files(estates.loaded().estate)["docs/reference/network.md"]
    row = "| K8S-TWO | 64514 | single addresses of 10.0.21.0/24 | two-01 10.0.11.14 | 64 each |"
    assert row in page.splitlines()
    title = "## Switch tor: another switch"
    assert page[page.index(title) :].splitlines() == [
        title,
        "",
        "| Port | What | Tagged | Untagged | LAG |",
        "|---|---|---|---|---|",
        "| 1 | one-01 | nodes | provisioning | - |",
        "| 2 | two-01 | nodes | provisioning | - |",
        "| 8 | switch core | nodes, provisioning, management | - | - |",
    ]
