"""A configuration beside that of a machine, and what talosctl says of one."""

from collections.abc import Sequence

import msgspec
import pytest

from gitops.errors import ProcessFailed, ToolError
from gitops.sources import yamlio
from gitops.talos import difference, opinion, rendering
from gitops.talos.rendering import Configuration
from tests import machines


def wanted() -> Configuration:
    """With references."""
    return rendering.render(machines.tree(), machines.loaded().estate).configurations[0]


def changes(machine: Configuration, other: Configuration | None = None) -> list[str]:
    return [str(change) for change in difference.changes(machine, other or wanted())]


def test_a_machine_that_is_configured_like_this_has_no_changes() -> None:
    assert changes(machines.configurations()[0]) == []


def test_the_order_of_documents_and_keys_is_no_change() -> None:
    documents = [dict(reversed(each.items())) for each in reversed(machines.first())]
    text = yamlio.dump_all(documents)
    assert changes(Configuration("infra", "infra-01", text)) == []


def test_fields_and_documents_are_compared_and_secrets_are_not_shown() -> None:
    machine = machines.edited(
        [
            {"document": "v1alpha1", "at": ["machine", "sysctls", "a"], "value": "1"},
            {"document": "v1alpha1", "at": ["machine", "type"], "value": "worker"},
            {"document": "v1alpha1", "remove": ["machine", "ca", "key"]},
            {"document": "v1alpha1", "at": ["cluster", "aescbcEncryptionSecret"], "value": "x"},
            {"document": "BondConfig bond0", "at": ["links"], "value": ["fast0"]},
            {"drop": "WatchdogTimerConfig"},
            {"add": {"apiVersion": "v1alpha1", "kind": "OOMConfig"}},
        ]
    )
    assert changes(machine) == [
        '+ BondConfig bond0 links[1]: "fast1"',
        "- OOMConfig: a document less",
        "+ WatchdogTimerConfig: a document more",
        '~ machine.type: "worker" → "controlplane"',
        "+ machine.ca.key: (secret)",
        '- machine.sysctls.a: "1"',
        "- cluster.aescbcEncryptionSecret: (secret)",
    ]


def test_a_secret_that_is_not_there_is_a_change() -> None:
    machine = machines.edited([{"document": "v1alpha1", "at": ["machine", "token"], "value": ""}])
    assert changes(machine) == ["~ machine.token: (secret) → (secret)"]


def test_the_configuration_is_the_text_in_what_talosctl_says() -> None:
    own = machines.configurations()[0]
    resource = {"node": "10.25.11.11", "metadata": {"id": "v1alpha1"}, "spec": own.text}
    assert difference.live(yamlio.dump(resource).encode(), wanted()) == own
    for nothing in (b"", b"node: a\n", b"- a\n", b"spec: {}\n", b"a: [\n"):
        with pytest.raises(ToolError, match="talosctl does not say how infra-01 is configured"):
            difference.live(nothing, wanted())


class Talosctl:
    """Refuses what has no name, in the words of the program."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def run(self, command: Sequence[str], stdin: bytes) -> bytes:
        self.asked.append(command)
        if b"hostname: infra-02" in stdin:
            raise ProcessFailed(
                "talosctl: 2 errors occurred:\n\t* HostnameConfig: either 'auto' or 'hostname' "
                "must be set\n\t* warning: something\n\n"
            )
        if b"hostname: infra-03" in stdin:
            raise ProcessFailed("talosctl: unknown keys found during decoding:\nmachine:\n  a: 1")
        return b"/dev/stdin is valid for metal mode\n"


def test_what_talosctl_refuses_is_told_line_by_line() -> None:
    program, own = Talosctl(), machines.configurations()[:3]
    found = list(opinion.findings(own, program.run))
    assert [(each.rule, str(each.at), each.cluster, each.message) for each in found] == [
        (
            "talos/second-opinion",
            "infra/infra-02.yaml",
            "infra",
            "talosctl validate: HostnameConfig: either 'auto' or 'hostname' must be set",
        ),
        (
            "talos/second-opinion",
            "infra/infra-02.yaml",
            "infra",
            "talosctl validate: warning: something",
        ),
        (
            "talos/second-opinion",
            "infra/infra-03.yaml",
            "infra",
            "talosctl validate: talosctl: unknown keys found during decoding: machine: a: 1",
        ),
    ]
    command = "talosctl validate --mode metal --strict --config /dev/stdin"
    assert [" ".join(each) for each in program.asked] == [command] * 3
    assert msgspec.structs.asdict(own[0])["cluster"] == "infra"
