"""What runs, against what the repository says: versions, machine configurations, revision."""

import msgspec

from gitops.bootstrap import inputs, verdict
from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Command
from gitops.bootstrap.tools import Tools
from gitops.bootstrap.verdict import Done

UNCHANGED = "No changes."
"""What Talos says of a configuration that it already has.

Source: `generateDiff` in `v1alpha1_server.go` of Talos 1.13.9.
"""


class Question(msgspec.Struct, frozen=True):
    """What is asked, and the answer that the repository gives. An `ending` answer is the last line,
    which talosctl writes to its error output."""

    subject: str
    command: Command
    wanted: str
    ending: bool = False


class Same(msgspec.Struct, frozen=True, tag=True):
    """It runs as the repository says."""

    subject: str
    value: str


class Differs(msgspec.Struct, frozen=True, tag=True):
    """Something else runs."""

    subject: str
    value: str
    wanted: str


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """Nobody answered."""

    subject: str
    reason: str


Answer = Same | Differs | Unknown


def questions(facts: Facts, revision: str) -> tuple[Question, ...]:
    """Everything that is asked; `revision` is the commit that Flux should have."""
    tools = Tools(facts)
    found: list[Question] = []
    for name, node in facts.nodes:
        info = ("get", "node", name, "--output")
        versions = {
            f"{name}: Talos": ("osImage", f"Talos ({facts.talos})"),
            f"{name}: Kubernetes": ("kubeletVersion", facts.kubernetes),
        }
        for subject, (field, wanted) in versions.items():
            path = f"jsonpath={{.status.nodeInfo.{field}}}"
            found.append(Question(subject, tools.kubectl(*info, path), wanted))
        apply = tools.talos(
            node,
            "apply-config",
            "--dry-run",
            "--file",
            "/dev/stdin",
            read=tools.configuration(name),
        )
        found.append(Question(f"{name}: configuration", apply, UNCHANGED, ending=True))
    return (*found, *_flux(facts, tools, revision))


def _flux(facts: Facts, tools: Tools, revision: str) -> tuple[Question, ...]:
    spec = facts.instance["spec"]
    asked = ("get", "--namespace=flux-system", "--output")
    version = "jsonpath={.spec.distribution.version}"
    held = "jsonpath={.status.artifact.revision}"
    return (
        Question(
            "Flux",
            tools.kubectl(*asked, version, "fluxinstance/flux"),
            spec["distribution"]["version"],
        ),
        Question(
            "Flux: revision",
            tools.kubectl(*asked, held, "gitrepository/flux-system"),
            f"{spec['sync']['ref']}@sha1:{revision}",
        ),
    )


def answer(question: Question, runner: inputs.Runner) -> Answer:
    """Ask once."""
    reading = inputs.Reading(runner)
    failed = reading.read(question.command.input)
    if failed is not None:
        return Unknown(question.subject, verdict.said(*failed))
    ended = inputs.start(runner, question.command, reading.content)
    program = question.command.arguments[0]
    if not isinstance(verdict.of_probe(program, ended), Done):
        return Unknown(question.subject, verdict.said(program, ended))
    if question.ending:
        return _ending(question, ended.err)
    value = ended.out.decode(errors="replace").strip()
    if value == question.wanted:
        return Same(question.subject, value)
    return Differs(question.subject, value, question.wanted)


def _ending(question: Question, said: str) -> Answer:
    """Whether it ends as wanted. What differs may hold secrets, and is not told."""
    if said.strip().endswith(question.wanted):
        return Same(question.subject, question.wanted)
    return Differs(question.subject, "another", "what `gitops talos render` gives")
