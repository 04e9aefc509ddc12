import msgspec
import pytest

from tests.fleets import Fleet

PINS = '[tools]\nhelm = "4.2.3"\nnone-such = "1.0.0"\nyq = "4.54.2"\n'


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A machine with the right helm, another yq, and nothing else."""
    folder = tmp_path_factory.mktemp("machine")
    programs = folder / "programs"
    programs.mkdir()
    for name, answer in (("helm", "v4.2.3+g0123456"), ("yq", "yq version v3.4.3")):
        program = programs / name
        program.write_text(f"#!/bin/sh\necho '{answer}'\n")
        program.chmod(0o755)
    fleet = Fleet(folder).write({"mise.toml": PINS})
    fleet.environment["PATH"] = str(programs)
    return fleet


def test_what_is_missing_is_told_with_a_way_out(machine: Fleet) -> None:
    ran = machine.run("doctor")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.decode().splitlines() == [
        "helm       4.2.3     4.2.3",
        "none-such  1.0.0     is missing",
        "                     `mise install none-such`, or install none-such 1.0.0 by hand",
        "yq         4.54.2    3.4.3 is another version",
        "                     `mise install yq`, and let mise come first on the PATH",
        "3 programs, 2 to be seen to",
    ]


def test_a_machine_with_everything_is_well(machine: Fleet) -> None:
    machine.write({"mise.toml": '[tools]\nhelm = "4"\n'})
    ran = machine.run("doctor", "--json")
    assert ran.code == 0
    assert msgspec.json.decode(ran.out) == [
        {
            "tool": "helm",
            "program": "helm",
            "pinned": "4",
            "state": "right",
            "said": "4.2.3",
            "hint": "",
        }
    ]


def test_a_repository_that_pins_nothing_has_no_doctor(machine: Fleet) -> None:
    (machine.repository / "mise.toml").unlink()
    ran = machine.run("doctor")
    assert ran.code == 2
    assert "has no mise.toml that pins programs" in ran.err
