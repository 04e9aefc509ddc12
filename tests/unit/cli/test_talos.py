"""`gitops talos`, with stand-ins for the programs that it starts."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from gitops.cli import main
from gitops.sources import yamlio
from gitops.talos import bundle, fakes
from tests import machines
from tests.architecture import project

REPO = ["--repo", str(project.ROOT)]
SCHEMATIC = "cb59fa8a1b044897b0c6ac0e7f8f269f648bfa777249aeebb0c3be997693e481"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No schema, and no program but those that a test makes."""
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path / "cache"))
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return programs


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}", "utf-8")
    path.chmod(0o755)


def run(*arguments: str) -> int:
    return main.main(["talos", *arguments, *REPO])


def test_a_configuration_is_printed_with_references(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", "infra", "infra-02") == 0
    golden = project.ROOT / "tests" / "golden" / "talos" / "infra" / "infra-02.yaml"
    assert capsys.readouterr().out == golden.read_text("utf-8")


def test_all_are_written_with_fake_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("render", "--fake-secrets", "-o", str(tmp_path / "out")) == 0
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("out/*/*"))
    assert written == sorted(f"out/{found.path}" for found in machines.configurations())
    assert capsys.readouterr().out.splitlines() == [
        f"written {path.removeprefix('out/')}" for path in written
    ]
    text = (tmp_path / "out" / "infra" / "infra-01.yaml").read_text("utf-8")
    assert text == machines.configurations()[0].text


def test_unknown_names_are_a_matter_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", "intra") == 2
    assert run("render", "infra", "apps-01") == 2
    assert run("secrets", "new", "intra", "--output", "-") == 2
    assert run("secrets", "new", "infra") == 2
    assert [line.partition(" (see")[0] for line in capsys.readouterr().err.splitlines()] == [
        "gitops talos: no cluster intra; there are infra, apps",
        "gitops talos: no node apps-01 in infra; it has infra-01, infra-02, infra-03",
        "gitops talos: no cluster intra; there are infra, apps",
        "gitops talos: one of the arguments --onepassword --sops --output is required",
    ]


def test_what_nobody_could_be_asked_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("validate") == 0
    told = capsys.readouterr().out
    assert "note talos/no-schema: no schema of Talos v1.13.9 is here" in told
    assert told.endswith("6 configurations, no schema, no talosctl was there to ask\n")


def test_an_imported_schema_and_talosctl_are_asked(
    alone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_bytes(msgspec.json.encode(machines.schema()))
    assert main.main(["schemas", "import", str(schema)]) == 0
    assert main.main(["schemas", "list"]) == 0
    line, again = capsys.readouterr().out.splitlines()
    assert line == again
    assert line.startswith("MachineConfig.talos.dev v1.13 sha256:")
    program(alone, "talosctl", 'test "$*" = "validate --mode metal --strict --config /dev/stdin"\n')
    assert run("validate", "infra") == 0
    assert capsys.readouterr().out == (
        "no findings\n3 configurations, a schema, talosctl was asked\n"
    )
    program(alone, "talosctl", 'printf "1 error occurred:\\n\\t* no\\n\\n" >&2\nexit 1\n')
    assert run("validate", "infra", "infra-01") == 1
    assert "infra/infra-01.yaml: error talos/second-opinion: talosctl validate: no" in (
        capsys.readouterr().out
    )


def test_the_id_of_the_images_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schematic") == 0
    assert capsys.readouterr().out == f"{SCHEMATIC}\n"


def answering(folder: Path, text: str) -> None:
    """talosctl, of a machine that is configured like this."""
    resource = {"node": "10.25.11.11", "metadata": {"id": "v1alpha1"}, "spec": text}
    (folder / "answer").write_text(yamlio.dump(resource), "utf-8")
    asked = "--nodes 10.25.11.11 --endpoints 10.25.11.11 get machineconfig v1alpha1 --output yaml"
    program(folder, "talosctl", f'test "$*" = "{asked}" && cat "{folder}/answer"\n')


def test_a_machine_is_compared_with_what_it_should_be(
    alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = machines.configurations()[0].text
    answering(alone, text)
    assert run("diff", "infra", "infra-01") == 0
    answering(alone, text.replace("miimon: 100", "miimon: 50"))
    assert run("diff", "infra", "infra-01") == 1
    assert capsys.readouterr().out.splitlines() == [
        "0 changes to infra-01",
        "~ BondConfig bond0 miimon: 50 → 100",
        "1 changes to infra-01",
    ]


def test_a_machine_that_does_not_answer_is_a_tool_that_failed(
    alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "error getting resources: rpc error: code = Unavailable"
    program(alone, "talosctl", f'echo "{words}" >&2\nexit 1\n')
    assert run("diff", "infra", "infra-01") == 3
    assert capsys.readouterr().err == f"gitops talos: talosctl: {words}\n"


def test_secrets_in_a_file_are_for_their_owner_and_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "infra.yaml"
    assert run("secrets", "new", "infra", "--output", str(path)) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = path.read_bytes()
    assert isinstance(bundle.read(made, "infra.yaml"), bundle.Bundle)
    assert run("secrets", "check", "infra", "--from", str(path)) == 0
    assert run("secrets", "new", "infra", "--output", str(path)) == 2
    assert path.read_bytes() == made
    told = capsys.readouterr()
    assert told.out == f"written {path}\nno findings\n"
    assert told.err == (
        f"gitops talos: {path} is there already; who replaces secrets, loses the cluster\n"
    )


def test_secrets_are_printed_only_when_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("secrets", "new", "infra", "--output", "-") == 0
    found = bundle.read(capsys.readouterr().out.encode(), "-")
    assert isinstance(found, bundle.Bundle)


def test_secrets_go_into_1password_by_standard_input(
    alone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(alone, "op", f'echo "$*" > "{tmp_path}/asked"\ncat > "{tmp_path}/item"\n')
    assert run("secrets", "new", "apps", "--onepassword") == 0
    assert (tmp_path / "asked").read_text("utf-8") == "item create --vault operator -\n"
    item = msgspec.json.decode((tmp_path / "item").read_bytes())
    assert (item["title"], item["category"]) == ("talos-apps", "SECURE_NOTE")
    assert {field["type"] for field in item["fields"]} == {"CONCEALED"}
    labels = [field["label"] for field in item["fields"]]
    assert labels == sorted([*bundle.PLACES, "admin-crt", "admin-key"])
    told = capsys.readouterr().out
    assert told == "made the item talos-apps in the vault operator\n"


def test_secrets_of_1password_are_judged(
    alone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By what `op inject` makes of references to every field."""
    values = {**bundle.fields(fakes.of("infra")), "trustd-token": "changeme"}
    (tmp_path / "values").write_text(yamlio.dump(values), "utf-8")
    program(alone, "op", f'cat > "{tmp_path}/asked"\ncat "{tmp_path}/values"\n')
    assert run("secrets", "check", "infra") == 1
    asked = (tmp_path / "asked").read_text("utf-8").splitlines()
    assert asked == [f"{field}: op://operator/talos-infra/{field}" for field in bundle.PLACES]
    told = capsys.readouterr().out
    assert told.startswith(
        "op://operator/talos-infra: error talos/bundle: trustdinfo.token is no token: "
        "six and sixteen letters or digits, with a dot between\n"
    )
    assert "changeme" not in told


def test_secrets_of_sops_are_encrypted_by_the_rules_of_their_path(
    alone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stand-in turns letters around, and back."""
    path = tmp_path / "infra.sops.yaml"
    turned = 'echo "sops: 1"; tr a-z b-za'
    back = "tail -n +2 | tr b-za a-z"
    program(
        alone,
        "sops",
        f'echo "$*" >> "{tmp_path}/asked"\ncase "$*" in\n'
        f"*--encrypt*) {turned} ;;\n*) {back} ;;\nesac\n",
    )
    assert run("secrets", "new", "infra", "--sops", str(path)) == 0
    assert path.read_text("utf-8").startswith("sops: 1\ndmvtufs:\n")
    assert run("secrets", "check", "infra", "--from", str(path)) == 0
    lead = "--input-type yaml --output-type yaml"
    assert (tmp_path / "asked").read_text("utf-8").splitlines() == [
        f"{lead} --encrypt --filename-override {path} /dev/stdin",
        f"{lead} --decrypt /dev/stdin",
    ]
    assert capsys.readouterr().out == f"written {path}\nno findings\n"


def test_a_file_that_is_not_there_is_a_matter_of_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("secrets", "check", "infra", "--from", str(tmp_path / "none")) == 2
    assert capsys.readouterr().err == f"gitops talos: {tmp_path}/none is no file\n"
    assert not os.path.exists(tmp_path / "none")
