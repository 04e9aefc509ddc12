"""A configuration beside the facts that it was made from."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import msgspec

from gitops.model.estate import Cluster, Estate, Node
from gitops.model.finding import Finding
from gitops.model.machine import Pointer
from gitops.talos.documents import Document, Documents
from gitops.talos.schematic import Schematic


class Subject(msgspec.Struct, frozen=True):
    """What is judged. `schematic` is None where it could not be read, which is told elsewhere."""

    documents: Documents
    estate: Estate
    schematic: Schematic | None

    @property
    def cluster(self) -> Cluster:
        """The facts of the cluster."""
        return self.estate.clusters[self.documents.configuration.cluster]

    @property
    def node(self) -> Node:
        """The facts of the node."""
        return self.cluster.nodes[self.documents.configuration.node]

    @property
    def name(self) -> str:
        """What the node is called."""
        return self.documents.configuration.node

    @property
    def is_control_plane(self) -> bool:
        """Source: `machine.type`; `init` is what Talos once called the first of them."""
        return self.get("machine", "type") in ("controlplane", "init")

    def get(self, *keys: str) -> Any:
        """A field of the document without a kind; None where it is not there."""
        return dig(self.documents.main.value, *keys)

    def mapping(self, *keys: str) -> dict[str, Any]:
        """The same, of a field that holds a mapping."""
        found = self.get(*keys)
        return found if isinstance(found, dict) else {}

    def listing(self, *keys: str) -> list[Any]:
        """The same, of a field that holds a list."""
        return listed(self.get(*keys))

    def error(self, rule: str, pointer: Pointer, words: str, hint: str) -> Finding:
        """A finding about a field of the document without a kind."""
        return self.documents.error(rule, self.documents.main, pointer, words, hint)

    def about(
        self, rule: str, document: Document, pointer: Pointer, words: str, hint: str
    ) -> Finding:
        """A finding about a field of another."""
        return self.documents.error(rule, document, pointer, words, hint)


def dig(value: Any, *keys: str) -> Any:
    """What mappings inside each other hold; None where they do not."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def listed(value: Any) -> list[Any]:
    """A list; an empty one for what is none, which the schema says."""
    return value if isinstance(value, list) else []


def records(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings in a list, with their positions; the schema says what is none."""
    for number, each in enumerate(listed(value)):
        if isinstance(each, dict):
            yield number, each


def number_of(value: Any) -> int:
    """A whole number; 0 where it is none, which the schema says."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def is_address(text: object) -> bool:
    """Whether it is an IP address."""
    return isinstance(text, str) and _is(ip_address, text)


def is_network(text: object) -> bool:
    """Whether it is a network, or an address with the length of its network's prefix."""
    if not isinstance(text, str) or "/" not in text:
        return False
    return _is(lambda given: ip_network(given, strict=False), text)


def _is(read: Any, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
