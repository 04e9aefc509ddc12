"""What stands behind a Gateway.

Source: cilium v1.18.3, operator/pkg/model/translation/gateway-api: one Service for each Gateway,
named `cilium-gateway-<name>`, with a port for each listener's, the
labels of `infrastructure` and no selector. cert-manager fills
the Secrets of annotated ones.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.operators import secrets, sketch
from gitops.check.operators.sketch import Body, Makers
from gitops.model.manifest import Manifest


def gateway(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Service of a Gateway whose class is Cilium's, by the usual name of that class."""
    yield from secrets.ingress(found, body)
    spec = mapping(body.get("spec"))
    if text(spec.get("gatewayClassName")).startswith("cilium"):
        numbers = {mapping(each).get("port") for each in listing(spec.get("listeners"))}
        ports = [
            sketch.port(each, f"port-{each}")
            for each in sorted(number for number in numbers if isinstance(number, int))
        ]
        labels = {
            **mapping(mapping(spec.get("infrastructure")).get("labels")),
            "gateway.networking.k8s.io/gateway-name": found.id.name,
            "io.cilium.gateway/owning-gateway": found.id.name,
        }
        name = f"cilium-gateway-{found.id.name}"
        yield sketch.service(found.id.namespace, name, labels, {}, ports)


MAKERS: Makers = {("gateway.networking.k8s.io", "Gateway"): gateway}
