"""The two files that let an operator in. Both are written anew in every session: they are of this
machine, and the certificates in them end."""

from collections.abc import Iterator

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Command, Ensure, Phase, Step
from gitops.bootstrap.tools import Tools


def talosconfig(facts: Facts) -> Step:
    """For talosctl, out of the vault."""
    nodes = ",".join(str(node.address) for _, node in facts.nodes)
    inject = ("op", "inject", "--force", "--in-file", "bootstrap/talosconfig.yaml")
    command = Command(
        (*inject, "--out-file", facts.talosconfig, "--file-mode", "0600"),
        environment=(("CLUSTER_NAME", facts.name), ("NODE_ADDRESSES", nodes)),
    )
    return Step(
        "talosconfig",
        Phase.PRECONDITIONS,
        "talosctl has a certificate",
        Ensure(command, always=True),
        30,
        f"the item talos-{facts.name} of the vault `operator` holds what talosctl needs",
    )


def kubeconfig(facts: Facts, tools: Tools, phase: Phase = Phase.KUBECONFIG) -> Iterator[Step]:
    """For kubectl, from Talos, with the address that all nodes share. talosctl names a context
    after the user as well, `admin@infra`; here contexts have the names of clusters."""
    _, node = facts.first
    fetch = tools.talos(node, "kubeconfig", facts.kubeconfig, "--force", "--merge=false")
    remedy = f"`talosctl --nodes {node.address} kubeconfig` tells more"
    yield Step(
        f"{phase}/fetch",
        phase,
        "kubectl has a certificate",
        Ensure(fetch, always=True),
        300,
        remedy,
    )
    rename = tools.config("rename-context", f"admin@{facts.name}", facts.context)
    yield Step(
        f"{phase}/context",
        phase,
        f"its context is called {facts.context}",
        Ensure(rename, always=True),
        30,
        f"remove {facts.kubeconfig} and begin again",
    )
