"""A rack of machines, and programs that answer for it as talosctl, kubectl, helmfile and op do.

Texts and codes are those of Talos 1.13.9, kubectl 1.33, helmfile 1.7 with Helm 4, and op 2. What
real programs would do without a complaint, and somebody would regret, is a `disaster`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gitops.sources import yamlio
from gitops.sources.process import Ended

REFUSED = "The connection to the server {} was refused - did you specify the right host or port?\n"
NO_ROUTE = (
    'error getting: rpc error: code = Unavailable desc = connection error: desc = "transport: '
    'Error while dialing: dial tcp {}:50000: connect: no route to host"\n'
)
DOWN = "error getting status: rpc error: code = Unknown desc = etcd is not running\n"
DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
NEVER = 1e12


class Machine(msgspec.Struct):
    """A node. It answers at `provisioning` until it has a configuration, then at `address`."""

    name: str
    address: str
    provisioning: str
    disks: list[str]
    configured: float = NEVER
    dead: bool = False
    talos: str = "v1.13.9"
    kubelet: str = "v1.33.5"
    away: float = -1e12


class World(msgspec.Struct):
    """Everything that there is. Times are seconds of the clock; NEVER has not happened."""

    machines: list[Machine]
    now: float = 0
    etcd_on: str = ""
    etcd_at: float = NEVER
    flux_at: float = NEVER
    network_at: float = NEVER
    files: dict[str, str] = {}
    objects: list[str] = msgspec.field(default_factory=lambda: ["Namespace/kube-system"])
    releases: dict[str, str] = {}
    effects: list[str] = []
    disasters: list[str] = []
    asked: int = 0
    flapping: bool = False
    installing: float = 90
    answers_get_lost: bool = False
    ceph: str = "HEALTH_OK"
    ceph_recovers: float = 120
    alarm: str = ""

    @property
    def members(self) -> list[Machine]:
        """Who has joined etcd: the first at once, the others one by one."""
        ordered = sorted(self.machines, key=lambda each: each.name != self.etcd_on)
        since = self.now - self.etcd_at
        running = [each for each in ordered if self.runs(each)]
        return [each for at, each in enumerate(running) if since >= 30 + 20 * at]

    def runs(self, machine: Machine) -> bool:
        """Whether Talos is installed and up."""
        up = self.now >= max(machine.configured + self.installing, machine.away + 60)
        return not machine.dead and up


def ok(out: str = "") -> Ended:
    return Ended(0, out.encode(), "")


def failed(err: str) -> Ended:
    return Ended(1, b"", err)


def run(
    world: World,
    arguments: tuple[str, ...],
    stdin: bytes,
    halfway: Callable[[], None] = lambda: None,
) -> Ended:
    """What a program answers. `halfway` is called where a release is begun and not ended."""
    world.asked += 1
    world.now += 1
    program, *rest = arguments
    words = stdin.decode()
    match program:
        case "talosctl":
            return _talosctl(world, rest, words)
        case "kubectl":
            return _kubectl(world, rest, words)
        case "helmfile":
            return _helmfile(world, rest, halfway)
        case "op":
            return _op(world, rest, words)
        case "helm":
            return ok("v4.2.3+g1\n")
        case "gitops":
            return ok(f"machine:\n  hostname: {rest[-1]}\n")
    return Ended(127, b"", f"{program} is not installed")


def _talosctl(world: World, arguments: list[str], stdin: str) -> Ended:
    if "--client" in arguments:
        return ok("Client:\nTalos v1.13.9\n")
    address = arguments[arguments.index("--nodes") + 1]
    if "--insecure" in arguments:
        return _maintenance(world, address, arguments, stdin)
    if arguments[1] not in world.files:
        return failed(f"failed to open config file {arguments[1]!r}: no such file or directory\n")
    machine = next(each for each in world.machines if each.address == address)
    if not world.runs(machine):
        return failed(NO_ROUTE.format(address))
    match arguments[6:]:
        case ["version"]:
            return ok("Client:\n\tTag: v1.13.9\nServer:\n\tTag: v1.13.9\n")
        case ["get", "disks", *_]:
            return ok(_disks(machine))
        case ["bootstrap"]:
            return _bootstrap(world, machine)
        case ["etcd", "members"]:
            return _members(world, machine)
        case ["kubeconfig", path, *_]:
            world.files[path] = "admin@infra https://infra.vip:6443"
            return ok()
    return _operated(world, machine, arguments[6:], stdin)


def _operated(world: World, machine: Machine, arguments: list[str], stdin: str) -> Ended:
    """What is asked of a machine when its cluster is there."""
    match arguments:
        case ["etcd", "status"]:
            return ok("MEMBER  DB SIZE  IN USE\n") if machine in world.members else failed(DOWN)
        case ["etcd", "alarm", "list"]:
            return ok(world.alarm)
        case ["etcd", "snapshot", path]:
            world.effects.append("snapshot")
            world.files[path] = "etcd"
            return ok()
        case ["upgrade", "--image", image]:
            return _upgrade(world, machine, image)
        case ["upgrade-k8s", "--to", version, *_]:
            return _upgrade_kubernetes(world, version)
        case ["apply-config", "--dry-run", *_]:
            return Ended(0, b"", f"Dry run summary:\nConfig diff:\n\n{_difference(stdin)}\n")
        case ["reset", *_]:
            world.effects.append(f"reset {machine.name}")
            machine.configured, machine.away = NEVER, world.now
            return ok()
    raise AssertionError(arguments)


def _maintenance(world: World, address: str, arguments: list[str], stdin: str) -> Ended:
    """What a machine says to whoever it does not know."""
    machine = next(each for each in world.machines if each.provisioning == address)
    if machine.dead or machine.configured < NEVER or world.now < machine.away + 60:
        return failed(NO_ROUTE.format(address))
    if arguments[0] == "get":
        return ok(_disks(machine))
    assert arguments[0] == "apply-config"
    if f"hostname: {machine.name}" not in stdin:
        world.disasters.append(f"{machine.name} has the configuration of another")
    machine.configured = world.now
    world.effects.append(f"configure {machine.name}")
    if world.answers_get_lost:
        said = "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
        return failed(f"error applying new configuration: {said}\n")
    return ok()


def _difference(stdin: str) -> str:
    return "No changes." if "changed" not in stdin else "--- a\n+++ b\n+secret"


def _gone(world: World) -> list[str]:
    """Members of etcd that do not answer."""
    return [each.name for each in world.machines if each not in world.members]


def _upgrade(world: World, machine: Machine, image: str) -> Ended:
    """Comes back after it has answered, as talosctl waits for it."""
    if _gone(world) or world.now < machine.away:
        world.disasters.append(f"{machine.name} goes while {', '.join(_gone(world))} is away")
    if _health(world) != "HEALTH_OK":
        world.disasters.append(f"{machine.name} goes while Ceph is not whole")
    machine.talos = image.rpartition(":")[2]
    machine.away = world.now
    world.effects.append(f"upgrade {machine.name}")
    return ok()


def _health(world: World) -> str:
    last = max(each.away for each in world.machines)
    return "HEALTH_WARN" if world.now < last + world.ceph_recovers else world.ceph


def _upgrade_kubernetes(world: World, version: str) -> Ended:
    for machine in world.machines:
        machine.kubelet = f"v{version}"
    world.effects.append("upgrade kubernetes")
    return ok()


def _disks(machine: Machine) -> str:
    return "".join(
        f"node: {machine.address}\nspec:\n    wwid: {each}\n---\n" for each in machine.disks
    )


def _bootstrap(world: World, machine: Machine) -> Ended:
    said = "error executing bootstrap: rpc error: code = {} desc = {}\n"
    if world.now < machine.configured + 110:
        words = "bootstrap is not available yet"
        return failed(said.format("FailedPrecondition", words))
    if world.now < machine.configured + 125:
        return failed(said.format("FailedPrecondition", "time is not in sync yet"))
    if machine.name == world.etcd_on or machine in world.members:
        return failed(said.format("AlreadyExists", "etcd data directory is not empty"))
    if world.etcd_on:
        world.disasters.append(f"a second etcd, on {machine.name}")
    world.etcd_on, world.etcd_at = machine.name, world.now
    world.effects.append(f"bootstrap {machine.name}")
    return ok()


def _members(world: World, machine: Machine) -> Ended:
    if machine not in world.members:
        return failed(
            "error getting members: rpc error: code = Unknown desc = etcd is not running\n"
        )
    rows = (
        f"{machine.address}  {at:016x}  {each.name}  https://{each.address}:2380  false\n"
        for at, each in enumerate(world.members)
    )
    return ok("NODE  ID  HOSTNAME  PEER URLS  CLIENT URLS  LEARNER\n" + "".join(rows))


def _kubectl(world: World, arguments: list[str], stdin: str) -> Ended:
    if "--client" in arguments:
        return ok("Client Version: v1.33.5\n")
    assert arguments[0] == "--kubeconfig"
    path, rest = arguments[1], arguments[4:]
    context, _, server = world.files.get(path, "").partition(" ")
    match arguments[2:]:
        case ["config", "rename-context", old, new]:
            if context != old:
                return failed(f'error: cannot rename the context "{old}", it\'s not in {path}\n')
            world.files[path] = f"{new} {server}"
            return ok()
        case ["config", "set-cluster", _, option]:
            world.files[path] = f"{context} {option.removeprefix('--server=')}"
            return ok()
    if arguments[2:4] != ["--context", context]:
        return failed(f'error: context "{arguments[3]}" does not exist\n')
    if rest[0].startswith("--server="):
        server = rest.pop(0).removeprefix("--server=")
    if not _serves(world, server):
        return failed(REFUSED.format(server.removeprefix("https://")))
    return _api(world, rest, stdin)


def _serves(world: World, server: str) -> bool:
    """An API server is up 45 s after its member; the common address moves to one that is."""
    up = [each for each in world.members if world.now >= world.etcd_at + 75]
    flaps = world.flapping and world.asked % 3 != 0
    return not flaps and any(each.address in server or ".vip" in server for each in up)


def _api(world: World, rest: list[str], stdin: str) -> Ended:
    match rest:
        case ["get", "--raw", "/readyz"]:
            return ok("ok")
        case ["get", "cephclusters", *_]:
            return ok(_health(world))
        case ["get", "node", name, _, path]:
            return _node(world, name, path)
        case ["get", _, _, _, what]:
            revision = "refs/heads/main@sha1:abc"
            return ok("2.9.4" if what == "fluxinstance/flux" else revision)
        case ["get", "nodes", *_]:
            return ok("".join(f"node/{each.name}\n" for each in world.members))
        case ["apply", *options]:
            return _apply(world, options, stdin)
        case ["delete", "secrets", _, selector]:
            return _unlock(world, selector)
        case ["rollout", "status", what, *_]:
            return _rollout(world, what)
        case ["wait", condition, _, *what]:
            return _wait(world, condition.rpartition("=")[2], what)
    raise AssertionError(rest)


def _node(world: World, name: str, path: str) -> Ended:
    machine = next(each for each in world.machines if each.name == name)
    return ok(f"Talos ({machine.talos})" if "osImage" in path else machine.kubelet)


def _apply(world: World, options: list[str], stdin: str) -> Ended:
    if "--kustomize=bootstrap/gateway-api" in options:
        world.objects.append("CustomResourceDefinition/gatewayclasses.gateway.networking.k8s.io")
        world.effects.append("apply gateway-api")
        return ok()
    for document in yamlio.parse(stdin.encode(), "stdin")[0]:
        refused = _applied(world, document.value)
        if refused:
            return refused
    return ok()


def _applied(world: World, body: dict[str, Any]) -> Ended | None:
    kind, metadata = body["kind"], body["metadata"]
    namespace, name = metadata.get("namespace", ""), metadata["name"]
    if namespace and f"Namespace/{namespace}" not in world.objects:
        return failed(f'Error from server (NotFound): namespaces "{namespace}" not found\n')
    if kind == "FluxInstance" and world.releases.get("flux-operator") != "deployed":
        return failed(
            f'error: resource mapping not found for name: "{name}" namespace: "{namespace}" from '
            '"STDIN": no matches for kind "FluxInstance" in version "fluxcd.controlplane.io/v1"\n'
            "ensure CRDs are installed first\n"
        )
    if kind == "Secret" and "op://" in json.dumps(body):
        world.disasters.append(f"Secret {name} holds a reference")
    if kind == "FluxInstance":
        world.flux_at = min(world.flux_at, world.now)
    world.objects.append("/".join(filter(None, (kind, namespace, name))))
    world.effects.append(f"apply {world.objects[-1]}")
    return None


def _unlock(world: World, selector: str) -> Ended:
    for name, state in list(world.releases.items()):
        if state == "pending-install" and f"name={name}," in selector:
            del world.releases[name]
            return ok(f'secret "sh.helm.release.v1.{name}.v1" deleted\n')
    return ok("No resources found\n")


def _rollout(world: World, what: str) -> Ended:
    name = what.partition("/")[2]
    if world.network_at == NEVER:
        return failed(f'Error from server (NotFound): daemonsets.apps "{name}" not found\n')
    if world.now < world.network_at + 60:
        return failed("error: timed out waiting for the condition\n")
    return ok(f'daemon set "{name}" successfully rolled out\n')


def _wait(world: World, condition: str, what: list[str]) -> Ended:
    timed_out = f"error: timed out waiting for the condition on {what[-1]}\n"
    since = world.now - world.flux_at
    match what:
        case ["crd", "--all"]:
            found = [each for each in world.objects if each.startswith("CustomResource")]
            return ok() if found else failed("error: no matching resources found\n")
        case ["nodes", "--all"]:
            return ok() if _nodes_ready(world) else failed(timed_out)
        case [_, "fluxinstance/flux"]:
            return ok() if since >= 40 else failed(timed_out)
        case [_, "gitrepository/flux-system"]:
            return _ready_after(since, 45, timed_out)
        case [_, "kustomization/flux-system"]:
            return _ready_after(since, 50, timed_out)
        case ["gatewayclass", "--all"]:
            return _ready_after(since, 60, timed_out)
        case ["kustomization" | "helmrelease", *_]:
            return _ready_after(since, 300, timed_out)
    raise AssertionError(what)


def _ready_after(since: float, seconds: float, timed_out: str) -> Ended:
    return ok() if since >= seconds else failed(timed_out)


def _nodes_ready(world: World) -> bool:
    return world.now >= world.network_at + 80 and not _gone(world)


def _helmfile(world: World, arguments: list[str], halfway: Callable[[], None]) -> Ended:
    if arguments == ["--version"]:
        return ok("helmfile version v1.7.4\n")
    if "template" in arguments:
        crd = f"{DEFINITION}metadata:\n  name: servicemonitors.monitoring.coreos.com\n"
        return ok(f"---\n{crd}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: not-this\n")
    name = arguments[arguments.index("--selector") + 1].partition("=")[2]
    if not any(_serves(world, each.address) for each in world.machines):
        return failed(
            'Error: Kubernetes cluster unreachable: Get "https://10.25.11.11:6443/version": dial '
            "tcp 10.25.11.11:6443: connect: connection refused\n"
        )
    return _sync(world, name, halfway)


_NEEDED = {
    "cilium": (
        "CustomResourceDefinition/gatewayclasses.gateway.networking.k8s.io",
        "CustomResourceDefinition/servicemonitors.monitoring.coreos.com",
        "Secret/kube-system/bgp-router",
        "Secret/kube-system/cilium-ca",
    )
}


def _sync(world: World, name: str, halfway: Callable[[], None]) -> Ended:
    for needed in _NEEDED.get(name, ()):
        if needed not in world.objects:
            world.disasters.append(f"{name} without {needed}")
    if world.releases.get(name) == "pending-install":
        return failed(
            "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n"
        )
    if name == "flux-operator" and "Namespace/flux-system" not in world.objects:
        return failed('Error: INSTALLATION FAILED: namespaces "flux-system" not found\n')
    world.releases[name] = "pending-install"
    halfway()
    if name == "cilium":
        world.network_at = min(world.network_at, world.now)
    elif not _nodes_ready(world):
        world.disasters.append(f"{name} before there was a network")
    world.releases[name] = "deployed"
    world.effects.append(f"sync {name}")
    return ok()


def _op(world: World, arguments: list[str], stdin: str) -> Ended:
    match arguments:
        case ["--version"]:
            return ok("2.31.1\n")
        case ["whoami"]:
            return ok("URL: https://lab.example.1password.com\n")
        case ["read", "--no-newline", reference]:
            return ok(f"-----BEGIN-----\n{reference.replace('op://', 'value of ')}\n-----END-----")
        case ["inject"]:
            return ok(stdin)
        case ["inject", *_]:
            world.files[arguments[arguments.index("--out-file") + 1]] = "talosconfig"
            return ok()
    raise AssertionError(arguments)


def of(mapping: Mapping[str, tuple[str, str, list[str]]]) -> World:
    """A rack of machines: name to address, provisioning address and disks."""
    return World([Machine(name, *about) for name, about in mapping.items()])
