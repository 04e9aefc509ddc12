"""What is done to a cluster, as data: steps with commands, and how each is known to be done.

Nothing here runs. Secrets are named by reference and are in no plan, no digest and no journal.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

Arguments = tuple[str, ...]


class Record(msgspec.Struct, frozen=True, tag=True):
    """A part of a plan."""


class Nothing(Record, frozen=True):
    """The command reads nothing."""


class Text(Record, frozen=True):
    """The command reads this."""

    text: str


class Output(Record, frozen=True):
    """The command reads what another one prints."""

    of: "Command"


class Definitions(Record, frozen=True):
    """The command reads the CustomResourceDefinitions among the objects that another one prints."""

    of: "Command"


class Sealed(Record, frozen=True):
    """The command reads a Secret whose values are references, which `op` reads when it runs."""

    secret: dict[str, Any]

    @property
    def references(self) -> tuple[str, ...]:
        """The references, in the order of their keys."""
        return tuple(self.secret["stringData"].values())


Input = Nothing | Text | Output | Definitions | Sealed


class Command(Record, frozen=True):
    """A program and its arguments, never a line for a shell. `timeout` is in seconds."""

    arguments: Arguments
    input: Input = Nothing()
    timeout: float = 60
    environment: tuple[tuple[str, str], ...] = ()


class Succeeds(Record, frozen=True):
    """The probe ends with 0."""


class Says(Record, frozen=True):
    """The probe ends with 0 and prints this, apart from space around it."""

    text: str


class Mentions(Record, frozen=True):
    """The probe ends with 0, and all of these are words of what it prints."""

    words: Arguments


Signal = Succeeds | Says | Mentions


class Await(Record, frozen=True):
    """Look until one of the probes shows the signal. Probes change nothing."""

    probes: tuple[Command, ...]
    signal: Signal = Succeeds()


class Ensure(Record, frozen=True):
    """A command that may run again: twice is as good as once. `mend` goes before it when it was
    begun and never ended. `always` runs it in every session: what it makes is on this machine."""

    command: Command
    mend: tuple[Command, ...] = ()
    always: bool = False


class Once(Record, frozen=True):
    """A command that must never succeed twice. `done` tells that it did, whoever gave it; `target`
    is what it is given to, and cannot change once it was begun."""

    command: Command
    target: str
    done: Await


Act = Await | Ensure | Once


class Phase(StrEnum):
    """Parts of a plan that can be chosen, in the order of their first step."""

    PRECONDITIONS = "preconditions"
    MACHINES = "machines"
    ETCD = "etcd"
    KUBECONFIG = "kubeconfig"
    NODES = "nodes"
    NAMESPACES = "namespaces"
    SECRETS = "secrets"
    CRDS = "crds"
    CORE = "core"
    FLUX = "flux"
    VERIFY = "verify"
    GATES = "gates"
    SNAPSHOT = "snapshot"
    UPGRADE = "upgrade"
    RESET = "reset"
    WORKLOADS = "workloads"
    DATABASES = "databases"
    CEPH = "ceph"
    NAS = "nas"


class Step(Record, frozen=True):
    """One step. `name` is its key in the journal. `timeout` and `interval` are seconds: how long it
    is tried, and the pause between two attempts. `remedy` is what a person does when it fails.
    `inputs` names what the commands read from elsewhere: with others, the step is another one."""

    name: str
    phase: Phase
    title: str
    act: Act
    timeout: float
    remedy: str
    interval: float = 5
    inputs: str = ""

    @property
    def digest(self) -> str:
        """Names everything that the step is made of."""
        return sha256(_encode((self.name, self.act, self.inputs))).hexdigest()


class Plan(Record, frozen=True):
    """Steps for a cluster, in their order. `name` is the key of its journal."""

    name: str
    cluster: str
    steps: tuple[Step, ...]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases that there are, in order."""
        return tuple(dict.fromkeys(step.phase for step in self.steps))


_encode = msgspec.json.Encoder(order="deterministic").encode
