"""Expressions that select disks and links."""

import pytest

from gitops.check.schemas.cel.values import CelError
from gitops.talos import selectors
from gitops.talos.selectors import Unknowable

SATA = {"size": 500107862016, "transport": "sata", "wwid": "naa.5000000000000101"}
SMALL = {"size": 512110190592, "transport": "nvme", "wwid": "eui.0000000000001101"}
LARGE = {"size": 1000204886016, "transport": "nvme", "wwid": "eui.0000000000000101"}


def selected(text: str) -> list[str]:
    selector = selectors.read(text, "disk")
    disks = {"sata": SATA, "small": SMALL, "large": LARGE}
    return [
        name for name, disk in disks.items() if selector.holds(disk, system_disk=name == "sata")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('disk.transport == "nvme" && disk.size < 600u * GB && !system_disk', ["small"]),
        ('disk.transport == "nvme" && disk.size > 900u * GB && !system_disk', ["large"]),
        ('glob("naa.*", disk.wwid)', ["sata"]),
        ('glob("*1101", disk.wwid) || system_disk', ["sata", "small"]),
        ('disk.wwid.startsWith("eui.") && disk.wwid != "eui.0000000000000101"', ["small"]),
        ("disk.size >= 931u * GiB && disk.size < 1u * TiB", ["large"]),
        ("disk.size / 1000u / kB > 512110u", ["large"]),
        ("false", []),
    ],
)
def test_a_selector_selects_as_on_the_machine(text: str, expected: list[str]) -> None:
    assert selected(text) == expected


def test_one_side_may_decide_about_what_nobody_knows() -> None:
    assert selected('disk.model == "x" && disk.transport == "scsi"') == []
    assert selected('disk.transport != "scsi" || disk.model == "x"') == ["sata", "small", "large"]
    with pytest.raises(Unknowable, match=r"^fleet\.yaml does not say disk\.model$"):
        selected('disk.model == "x" && disk.transport == "nvme"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("disk.size < 600 * GB", "found no matching overload for '*' applied to (int, uint)"),
        ("disk.size < 600", "found no matching overload for '<' applied to (uint, int)"),
        ('disk.type == "nvme"', "undefined field 'type'"),
        ("link.mtu == 1500u", "undeclared reference to 'link'"),
        ("disk.size > 1u * KB", "undeclared reference to 'KB'"),
        ("disk.model", "it gives string, not a bool"),
        (
            "disk.wwid.startsWith(1)",
            "found no matching overload for 'startsWith' applied to (string, int)",
        ),
        ("!disk.model", "found no matching overload for '!' applied to (string)"),
        ("disk.model ==", "Syntax error: 'the end' begins no expression"),
    ],
)
def test_what_cel_go_refuses_is_refused(text: str, words: str) -> None:
    with pytest.raises(CelError) as told:
        selectors.read(text, "disk")
    assert str(told.value) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('disk.symlinks.exists(x, x == "a")', "`exists` is not known here"),
        ("size(disk.model) > 2", "`size` is not known here"),
        ('disk.symlinks[0] == "a"', "it is in words that are not known here"),
    ],
)
def test_what_is_not_known_here_is_not_guessed(text: str, words: str) -> None:
    with pytest.raises(Unknowable) as told:
        selectors.read(text, "disk")
    assert str(told.value) == words


def test_links_are_told_by_the_address_they_were_made_with() -> None:
    port = {"permanent_addr": bytes.fromhex("00005e005311")}
    selector = selectors.read('mac(link.permanent_addr) == "00:00:5e:00:53:11"', "link")
    assert selector.holds(port)
    assert not selector.holds({"permanent_addr": bytes(6)})


def test_only_the_star_is_special_in_a_pattern() -> None:
    assert selectors.glob("naa.*", "naa.5000")
    assert not selectors.glob("naa.*", "naaX5000")
    assert selectors.glob("*a*b*", "xaxbx")
    assert not selectors.glob("?", "a")
    assert not selectors.glob("", "a")
