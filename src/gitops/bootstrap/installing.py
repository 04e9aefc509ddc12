"""From machines without a configuration to a cluster that Flux keeps: the whole plan.

Source: Talos, "Getting started" and `cmd/talosctl`; ADR 0008, 0010 and 0011 for the order of kinds,
Cilium and Flux.
"""

from collections.abc import Iterator

from gitops.bootstrap import access
from gitops.bootstrap.facts import Facts, Release
from gitops.bootstrap.step import (
    Await,
    Command,
    Definitions,
    Ensure,
    Mentions,
    Once,
    Phase,
    Plan,
    Says,
    Sealed,
    Step,
)
from gitops.bootstrap.tools import Tools

_MINUTE = 60.0


def plan(facts: Facts) -> Plan:
    """Every step, in order."""
    tools = Tools(facts)
    parts = (
        _programs(facts),
        _access(facts),
        _preconditions(facts, tools),
        _machines(facts, tools),
        _etcd(facts, tools),
        _kubeconfig(facts, tools),
        _nodes(facts, tools),
        _namespaces(facts, tools),
        _secrets(facts, tools),
        _definitions(facts, tools),
        _core(facts, tools),
        _flux(facts, tools),
        _verification(facts, tools),
    )
    return Plan(f"bootstrap-{facts.name}", facts.name, tuple(s for part in parts for s in part))


def _programs(facts: Facts) -> Iterator[Step]:
    asked = {
        "talosctl": ("talosctl", "version", "--client", "--short"),
        "kubectl": ("kubectl", "version", "--client"),
        "helm": ("helm", "version", "--short"),
        "helmfile": ("helmfile", "--version"),
        "op": ("op", "--version"),
    }
    for program, arguments in asked.items():
        exact = Mentions((facts.talos,)) if program == "talosctl" else None
        act = Await((Command(arguments),), exact) if exact else Await((Command(arguments),))
        title = f"{program} is installed"
        remedy = "`gitops doctor` tells which version is wanted and where it comes from"
        yield Step(f"program/{program}", Phase.PRECONDITIONS, title, act, 0, remedy)


def _access(facts: Facts) -> Iterator[Step]:
    phase = Phase.PRECONDITIONS
    yield Step(
        "account",
        phase,
        "1Password lets us in",
        Await((Command(("op", "whoami")),)),
        0,
        "run `op signin`, or set OP_SERVICE_ACCOUNT_TOKEN",
    )
    for reference in sorted({each for body in facts.secrets for each in Sealed(body).references}):
        act = Await((Command(("op", "read", "--no-newline", reference)),))
        remedy = "docs/bootstrap.md says what has to be in the vault before the first command"
        yield Step(f"secret/{reference}", phase, f"{reference} can be read", act, 30, remedy)
    yield access.talosconfig(facts)


def _preconditions(facts: Facts, tools: Tools) -> Iterator[Step]:
    phase = Phase.PRECONDITIONS
    check = ("gitops", "check", facts.name)
    yield Step(
        "repository",
        phase,
        "the repository has no error",
        Await((Command(check, timeout=600),)),
        0,
        f"`gitops check {facts.name}` tells what is wrong",
    )
    for name, _ in facts.nodes:
        render = tools.configuration(name).of
        title = f"the configuration of {name} can be made"
        remedy = f"`gitops talos render {facts.name} {name}` tells what is wrong"
        yield Step(f"render/{name}", phase, title, Await((render,)), 60, remedy)
    for name, node in facts.nodes:
        disks = ("get", "disks", "--output", "yaml")
        yield Step(
            f"machine/{name}",
            phase,
            f"the machine at {node.provisioning_address} is {name}",
            Await(
                (tools.machine(node, *disks), tools.talos(node, *disks)),
                Mentions((node.disks.install.wwid, node.disks.ceph.wwid, node.disks.local.wwid)),
            ),
            5 * _MINUTE,
            "start it from the image of this version; if it answers with other disks, cables or "
            "addresses are exchanged: fleet.yaml says what belongs where",
        )


def _machines(facts: Facts, tools: Tools) -> Iterator[Step]:
    for name, node in facts.nodes:
        apply = tools.machine(
            node, "apply-config", "--file", "/dev/stdin", read=tools.configuration(name)
        )
        yield Step(
            f"configure/{name}",
            Phase.MACHINES,
            f"{name} is installed and answers to us",
            Once(apply, str(node.address), Await((tools.talos(node, "version"),))),
            20 * _MINUTE,
            f"look at its console by the KVM, port {node.kvm_port}; a wrong address or link is the "
            "usual reason",
            10,
        )


def _etcd(facts: Facts, tools: Tools) -> Iterator[Step]:
    name, node = facts.first
    members = tuple(tools.talos(each, "etcd", "members") for _, each in facts.nodes)
    yield Step(
        "etcd/bootstrap",
        Phase.ETCD,
        f"etcd begins on {name}",
        # Members at all, whoever they are: then etcd has begun, and not to be begun again.
        Once(tools.talos(node, "bootstrap"), name, Await(members, Mentions(("HOSTNAME",)))),
        10 * _MINUTE,
        f"`talosctl --nodes {node.address} service etcd` and `dmesg` tell more; never give "
        "`bootstrap` to a second node",
    )
    yield Step(
        "etcd/members",
        Phase.ETCD,
        "every node is a member of etcd",
        Await(members, Mentions(tuple(each for each, _ in facts.nodes))),
        15 * _MINUTE,
        "a node that does not join cannot reach the others on ports 2379 and 2380, or has another "
        "time than they",
        10,
    )


def _kubeconfig(facts: Facts, tools: Tools) -> Iterator[Step]:
    _, node = facts.first
    yield from access.kubeconfig(facts, tools)
    server = f"https://{node.address}:{facts.cluster.api.port}"
    yield Step(
        "kubeconfig/server",
        Phase.KUBECONFIG,
        "kubectl asks the first node, because nobody has the common address yet",
        Ensure(tools.config("set-cluster", facts.name, f"--server={server}"), always=True),
        30,
        f"remove {facts.kubeconfig} and begin again",
    )


def _nodes(facts: Facts, tools: Tools) -> Iterator[Step]:
    for name, node in facts.nodes:
        server = f"--server=https://{node.address}:{facts.cluster.api.port}"
        yield Step(
            f"api/{name}",
            Phase.NODES,
            f"the API server of {name} is ready",
            Await((tools.kubectl(server, "get", "--raw", "/readyz"),), Says("ok")),
            15 * _MINUTE,
            f"`talosctl --nodes {node.address} containers --kubernetes` and `logs` tell more",
            10,
        )
    names = tuple(f"node/{name}" for name, _ in facts.nodes)
    yield Step(
        "nodes/registered",
        Phase.NODES,
        "every node has said hello",
        Await((tools.kubectl("get", "nodes", "--output", "name"),), Mentions(names)),
        10 * _MINUTE,
        "`talosctl service kubelet` of the missing node tells why",
    )


def _namespaces(facts: Facts, tools: Tools) -> Iterator[Step]:
    for body in facts.namespaces:
        name = body["metadata"]["name"]
        act = Ensure(tools.apply(body))
        remedy = "the message says what the API server refuses"
        yield Step(
            f"namespace/{name}", Phase.NAMESPACES, f"namespace {name}", act, 5 * _MINUTE, remedy
        )


def _secrets(facts: Facts, tools: Tools) -> Iterator[Step]:
    for body in facts.secrets:
        place = f"{body['metadata']['namespace']}/{body['metadata']['name']}"
        act = Ensure(tools.applied(Sealed(body)))
        remedy = "docs/bootstrap.md says who reads it, and what is missing without it"
        yield Step(f"secret/{place}", Phase.SECRETS, f"Secret {place}", act, 5 * _MINUTE, remedy)


def _definitions(facts: Facts, tools: Tools) -> Iterator[Step]:
    yield Step(
        "crds/gateway-api",
        Phase.CRDS,
        "kinds of the Gateway API",
        Ensure(
            tools.kubectl(
                "apply",
                "--server-side",
                "--force-conflicts",
                "--field-manager=gitops",
                "--kustomize=bootstrap/gateway-api",
                timeout=180,
            )
        ),
        10 * _MINUTE,
        "this machine needs a way to github.com",
    )
    template = tools.helmfile("00-crds", "--quiet", "template", "--include-crds", timeout=300)
    yield Step(
        "crds/charts",
        Phase.CRDS,
        "kinds that charts bring",
        Ensure(tools.applied(Definitions(template))),
        10 * _MINUTE,
        "this machine needs a way to the registries of the charts",
    )
    wait = tools.kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all")
    yield Step(
        "crds/established",
        Phase.CRDS,
        "the API server serves all kinds",
        Await((wait,)),
        5 * _MINUTE,
        "`kubectl describe crd` of the one that is named tells why",
    )


def _core(facts: Facts, tools: Tools) -> Iterator[Step]:
    for release in facts.releases:
        yield _release(release, tools)
        for daemon in release.daemons:
            yield _rollout(release, daemon, tools)
        if release.daemons:
            ready = ("wait", "--for=condition=Ready", "--timeout=30s", "nodes", "--all")
            yield Step(
                f"ready/{release.name}",
                Phase.CORE,
                "every node is ready",
                Await((tools.kubectl(*ready),)),
                10 * _MINUTE,
                "a node without a network restarts after ten minutes: wait for it",
            )


def _release(release: Release, tools: Tools) -> Step:
    """Helm refuses a release that somebody began and never ended. Only the record is removed: what
    was applied is taken over, as it has the name of the release on it."""
    selector = f"owner=helm,name={release.name},status in (pending-install,pending-upgrade)"
    mend = tools.kubectl(
        "delete", "secrets", f"--namespace={release.namespace}", f"--selector={selector}"
    )
    sync = tools.helmfile("01-core", "--selector", f"name={release.name}", "sync", "--skip-needs")
    return Step(
        f"release/{release.name}",
        Phase.CORE,
        f"release {release.namespace}/{release.name}",
        Ensure(sync, (mend,)),
        30 * _MINUTE,
        f"`helm --namespace {release.namespace} status {release.name}` and the events of its pods",
        15,
        release.fingerprint,
    )


def _rollout(release: Release, daemon: str, tools: Tools) -> Step:
    status = ("rollout", "status", f"daemonset/{daemon}", f"--namespace={release.namespace}")
    return Step(
        f"rollout/{daemon}",
        Phase.CORE,
        f"{daemon} runs on every node",
        Await((tools.kubectl(*status, "--timeout=30s"),)),
        15 * _MINUTE,
        f"`kubectl --namespace {release.namespace} logs daemonset/{daemon}`",
    )


def _flux(facts: Facts, tools: Tools) -> Iterator[Step]:
    yield Step(
        "apply/fluxinstance",
        Phase.FLUX,
        "Flux is asked for",
        Ensure(tools.apply(facts.instance)),
        5 * _MINUTE,
        "flux-operator defines its kind: see whether its pod runs",
    )
    for kind, name, after in (
        ("fluxinstance", "flux", "the pods of flux-system and their events tell why"),
        ("gitrepository", "flux-system", "the cluster needs a way to the repository, and its key"),
        ("kustomization", "flux-system", "`gitops check` finds most of what Flux refuses"),
    ):
        yield Step(
            f"flux/{kind}",
            Phase.FLUX,
            f"{kind} {name} is ready",
            Await((_ready(tools, "flux-system", f"{kind}/{name}"),)),
            15 * _MINUTE,
            after,
        )


def _verification(facts: Facts, tools: Tools) -> Iterator[Step]:
    yield from access.kubeconfig(facts, tools, Phase.VERIFY)
    checks: dict[str, tuple[str, tuple[str, ...], str]] = {
        "api": (
            "the API answers at its common address",
            ("get", "--raw", "/readyz"),
            f"{facts.cluster.api.host} has to lead to {facts.cluster.api.address}",
        ),
        "gateways": (
            "Cilium takes Gateways",
            ("wait", "--for=condition=Accepted", "--timeout=30s", "gatewayclass", "--all"),
            "the kinds came after Cilium's operator, which looks once: restart it (ADR 0008)",
        ),
        "kustomizations": (
            "every Kustomization is ready",
            _all("kustomization"),
            "`kubectl get kustomizations -A` names those that are not, and what they wait for",
        ),
        "releases": (
            "every HelmRelease is ready",
            _all("helmrelease"),
            "`kubectl get helmreleases -A` names those that are not",
        ),
    }
    for name, (title, arguments, remedy) in checks.items():
        act = Await((tools.kubectl(*arguments),))
        yield Step(f"verify/{name}", Phase.VERIFY, title, act, 60 * _MINUTE, remedy, 15)


def _all(kind: str) -> tuple[str, ...]:
    return ("wait", "--for=condition=Ready", "--timeout=30s", kind, "--all", "--all-namespaces")


def _ready(tools: Tools, namespace: str, what: str) -> Command:
    return tools.kubectl(
        "wait", "--for=condition=Ready", "--timeout=30s", f"--namespace={namespace}", what
    )
