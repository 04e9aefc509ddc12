"""Logs of machines: somebody takes them.

Source: docs.talos.dev, "Logging": `machine.logging.destinations` and KmsgLogConfig send to an
address, and go on trying where nobody answers.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.check.platform.machines import configured
from gitops.check.platform.machines.configured import HostPort
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import Machine
from gitops.model.origin import Location

_OWN = ("127.0.0.1", "localhost", "::1")


def unheard(facts: Index) -> Iterator[Finding]:
    """What a machine sends to itself reaches a pod that takes the port. A pod with the network of
    its node may listen at a port that it does not tell."""
    for machine in facts.view(configured.machines):
        for address, place in _receivers(machine):
            port = _own_port(address)
            if port and port not in facts.view(configured.host_ports):
                yield finding.warning(
                    "talos/log-receiver",
                    place,
                    f"machines send their logs to {address}, and no pod of {machine.cluster} takes "
                    f"port {port.number}/{port.protocol} of its node",
                    "give the agent that collects logs this port as hostPort, or send to its own",
                )


def _receivers(machine: Machine) -> Iterator[tuple[str, Location]]:
    way = ("machine", "logging", "destinations")
    for number, each in enumerate(listing(machine.get(*way))):
        yield text(mapping(each).get("endpoint")), machine.at(*way, number, "endpoint")
    for document in machine.of("KmsgLogConfig"):
        yield text(document.value.get("url")), machine.locate(document, ("url",))


def _own_port(address: str) -> HostPort | None:
    """What is no address is told elsewhere."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return None
    own = url.hostname in _OWN and url.scheme in ("tcp", "udp")
    return HostPort(port, url.scheme.upper()) if own and port else None


RULES = (unheard,)
