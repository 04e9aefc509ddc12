"""The whole configuration of the router, and which parts of the hierarchy are ours."""

from collections.abc import Iterator

from gitops.model.estate import Estate
from gitops.network.junos import firewall, interfaces, routing, services
from gitops.network.junos.statements import Statement, show

PATH = "network/srx320.conf"

OURS: tuple[Statement, ...] = (
    ("access", "address-assignment"),
    ("applications",),
    ("chassis", "aggregated-devices"),
    ("firewall",),
    ("interfaces",),
    ("policy-options",),
    ("protocols",),
    ("routing-options",),
    ("security",),
    ("system", "domain-name"),
    ("system", "host-name"),
    ("system", "name-server"),
    ("system", "ntp"),
    ("system", "services"),
    ("system", "time-zone"),
    ("vlans",),
)
"""What stands there and not in our file is removed; all else on the router is left alone."""

_PARTS = {
    "the router itself": services,
    "ports, VLANs and addresses": interfaces,
    "routing": routing,
    "who may speak to whom": firewall,
}

_HEAD = """\
# {model}, in the form of `show configuration | display set`.
# Derived from fleet.yaml by `gitops network render`: change that file and run it again.
# What begins with op:// is read from 1Password by `gitops network apply`.
"""


def statements(estate: Estate) -> tuple[Statement, ...]:
    """All statements, in an order in which Junos takes them."""
    return tuple(each for part in _PARTS.values() for each in part.statements(estate))


def text(estate: Estate) -> str:
    """The file."""
    return _HEAD.format(model=estate.router.model) + "".join(_lines(estate))


def _lines(estate: Estate) -> Iterator[str]:
    for title, part in _PARTS.items():
        yield f"\n# {title}\n"
        for each in part.statements(estate):
            yield f"{show(each)}\n"
