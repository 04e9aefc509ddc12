"""`gitops power`, with programs that only pretend: real processes, real journals."""

import os
from pathlib import Path

import pytest

from gitops.cli import main
from tests import estates, outages


@pytest.fixture(name="root")
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two clusters in which nothing runs, and the programs beside it."""
    repository, programs = tmp_path / "repository", tmp_path / "programs"
    for cluster in ("one", "two"):
        folder = repository / "kubernetes" / "clusters" / cluster
        folder.mkdir(parents=True)
        (folder / "settings.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n", "utf-8"
        )
    (repository / "fleet.yaml").write_text(estates.TEXT, "utf-8")
    (repository / "gitops.toml").write_text(
        '[entries]\none = "kubernetes/clusters/one"\ntwo = "kubernetes/clusters/two"\n',
        "utf-8",
    )
    programs.mkdir()
    outages.stand_ins(programs)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITOPS_STATE", str(tmp_path / "state"))
    return repository


def power(root: Path, *arguments: str) -> int:
    return main.main(["power", *arguments, "--repo", str(root), "--no-cache"])


def called(root: Path, *words: str) -> list[str]:
    lines = outages.calls(root.parent / "programs")
    return [line for line in lines if any(word in line for word in words)]


def test_all_goes_down_in_its_order(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert power(root, "down") == 0
    assert [line.rpartition(" ")[0] for line in called(root, "shutdown", "poweroff")] == [
        f"talosctl --talosconfig {root.parent}/state/two.example.org/talosconfig "
        "--endpoints 10.0.11.14 --nodes 10.0.11.14 shutdown",
        f"talosctl --talosconfig {root.parent}/state/one.example.org/talosconfig "
        "--endpoints 10.0.11.11 --nodes 10.0.11.11 shutdown",
        "ssh -o BatchMode=yes -o ConnectTimeout=10 power@10.0.11.3 sudo -n",
    ]


def test_a_plan_and_a_dry_run_call_nobody(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert power(root, "plan", "nas") == 0
    assert capsys.readouterr().out == (
        "# nas down\n"
        "nas\n"
        "  1. the NAS is off\n"
        "       run:   ssh -o BatchMode=yes -o ConnectTimeout=10 power@10.0.11.3 "
        "sudo -n /sbin/poweroff\n"
        "# nas up\n"
        "nas\n"
        "  1. the NAS answers\n"
        "       look:  ssh -o BatchMode=yes -o ConnectTimeout=10 power@10.0.11.3 true\n"
        "       until: it succeeds, for 15 min\n"
    )
    assert power(root, "down", "--dry-run") == 0
    assert called(root, "") == []


def test_a_refusal_stops_and_the_same_command_goes_on(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forbidden = (
        'Error from server (Forbidden): nodes "two-01" is forbidden: User "reader" cannot patch '
        'resource "nodes" in API group "" at the cluster scope'
    )
    outages.stand_ins(root.parent / "programs", {"cordon two-01": (1, "", forbidden)})
    assert power(root, "down", "two") == 1
    told = capsys.readouterr().err
    assert told.startswith(f"stopped at cordon: {forbidden}\n  next: ")
    assert called(root, "shutdown", "delete pods") == []
    outages.stand_ins(root.parent / "programs")
    assert power(root, "down", "two") == 0
    assert len(called(root, "shutdown")) == 1
    assert power(root, "down", "two") == 0
    assert len(called(root, "shutdown")) == 1


def test_what_went_up_can_go_down_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert power(root, "down", "nas") == 0
    assert power(root, "up", "nas") == 0
    assert power(root, "down", "nas") == 0
    assert len(called(root, "poweroff")) == 2


def test_on_battery_only_what_must_goes_down(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mains come back while the first cluster goes down: its last call brings them."""
    script = root.parent / "programs" / "upsc"
    script.write_text(
        "#!/bin/sh\n"
        f'if grep -q "shutdown --force" "{script.parent}/calls" 2>/dev/null\n'
        'then printf "battery.runtime: 1500\\nups.status: OL CHRG\\n"\n'
        'else printf "battery.runtime: 1500\\nups.status: OB DISCHRG\\n"\nfi\n',
        "utf-8",
    )
    assert power(root, "down", "--on-battery") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "two goes down: 1500 s of battery are left, and two goes down below 1800 s"
    assert told[-1] == "the mains are back; two went down. `gitops power up` starts it again"
    assert len(called(root, "shutdown --force", "poweroff")) == 1


def test_a_group_that_is_none_is_a_mistake_of_the_caller(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert power(root, "down", "three") == 2
    assert capsys.readouterr().err == "gitops power: there is no three; there are two, one, nas\n"
    assert power(root, "up", "--go-on") == 2
