"""Certificates of kubelets, by which metrics-server knows them.

Source: kubernetes-sigs/metrics-server, README, "Requirements": the certificate has to be signed by
the authority of the cluster, or is not looked at with `--kubelet-insecure-tls`. Talos, "Deploying
Metrics Server": kubelets sign theirs themselves without `rotate-server-certificates`.
"""

from collections.abc import Iterator

from gitops.check import pods
from gitops.check.fields import listing, text
from gitops.check.index import Index
from gitops.check.platform.machines import configured
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.machine import Machine

_IMAGE = "metrics-server/metrics-server:"
_ROTATED = ("machine", "kubelet", "extraArgs", "rotate-server-certificates")
_ASKED = ("machine", "kubelet", "extraConfig", "serverTLSBootstrap")


def unsigned(facts: Index) -> Iterator[Finding]:
    """Who asks kubelets by their certificates asks such as have one."""
    alone = [each for each in facts.view(configured.machines) if not _is_signed(each)]
    known = (each for each in pods.templates(facts) if each.owner.manifest.incomplete != "locked")
    for template in known if alone else ():
        for way, container in template.containers:
            told = [*listing(container.get("command")), *listing(container.get("args"))]
            if _IMAGE in text(container.get("image")) and not any(map(_is_open, told)):
                spot = Spot(facts, template.owner, (*way, "args"))
                yield spot.error(
                    "talos/kubelet-certificate",
                    f"{spot.who} asks kubelets for certificates of the cluster, and "
                    f"{alone[0].node} signs its own: it gets no metrics of it",
                    "tell it --kubelet-insecure-tls, or give kubelets rotate-server-certificates "
                    "and somebody who approves what they ask for",
                )


def _is_signed(machine: Machine) -> bool:
    return any(str(machine.get(*way)).lower() == "true" for way in (_ROTATED, _ASKED))


def _is_open(argument: object) -> bool:
    said = str(argument)
    given = ("--kubelet-insecure-tls", "--kubelet-certificate-authority", "--deprecated-kubelet")
    return said.startswith(given) and not said.endswith("=false")


RULES = (unsigned,)
