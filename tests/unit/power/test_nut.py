"""The configuration of NUT."""

from gitops.estate import references
from gitops.power import nut
from gitops.power.nut import Place
from gitops.sources.tree import MemoryTree
from tests import estates

HEAD = "# Derived from fleet.yaml by `gitops generate`: change that file and run it again.\n"


def files() -> dict[str, str]:
    return nut.files(estates.loaded().estate)


def test_there_is_a_file_for_each_program() -> None:
    assert sorted(files()) == [
        "power/nut/nut.conf",
        "power/nut/ups.conf.tmpl",
        "power/nut/upsd.conf",
        "power/nut/upsd.users.tmpl",
        "power/nut/upsmon.conf.tmpl",
        "power/nut/upssched-cmd",
        "power/nut/upssched.conf",
        "power/systemd/gitops-power-down.path",
        "power/systemd/gitops-power-down.service",
    ]


def test_the_server_listens_to_itself_and_to_the_machines() -> None:
    assert files()["power/nut/upsd.conf"] == (
        f"{HEAD}LISTEN 127.0.0.1 3493\nLISTEN 10.0.11.30 3493\nMAXAGE 45\n"
    )


def test_the_battery_is_low_when_half_of_the_time_of_the_nas_is_left() -> None:
    lines = files()["power/nut/ups.conf.tmpl"].splitlines()
    assert lines[4:8] == ["[ups]", '  desc = "a UPS"', "  driver = snmp-ups", "  port = 10.0.99.20"]
    assert "  ignorelb" in lines
    assert "  override.battery.runtime.low = 300" in lines


def test_a_failure_that_is_over_soon_begins_nothing() -> None:
    assert files()["power/nut/upssched.conf"] == (
        f"{HEAD}CMDSCRIPT /etc/nut/upssched-cmd\n"
        "PIPEFN /run/nut/upssched.pipe\n"
        "LOCKFN /run/nut/upssched.lock\n"
        "AT ONBATT ups@localhost START-TIMER on-battery 30\n"
        "AT ONLINE ups@localhost CANCEL-TIMER on-battery\n"
        "AT ONLINE ups@localhost EXECUTE online\n"
        "AT LOWBATT ups@localhost EXECUTE on-battery\n"
        "AT COMMBAD * EXECUTE silent\n"
        "AT REPLBATT * EXECUTE replace-battery\n"
    )


def test_systemd_waits_for_the_file_that_upssched_makes() -> None:
    made = nut.files(estates.loaded().estate, Place(state="/somewhere"))
    assert 'mark="/somewhere/on-battery"' in made["power/nut/upssched-cmd"]
    assert "PathExists=/somewhere/on-battery\n" in made["power/systemd/gitops-power-down.path"]


def test_passwords_are_references() -> None:
    tree = MemoryTree(files())
    assert sorted({str(each) for each in references.find(tree, (nut.FOLDER,))}) == [
        "op://operator/nut/primary-password",
        "op://operator/nut/upsmon-password",
        "op://operator/power-snmp/auth-password",
        "op://operator/power-snmp/priv-password",
    ]
