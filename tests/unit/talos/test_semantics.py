"""Judging configurations: what tests/refused/talos does not show."""

import random
from typing import Any

import msgspec
import pytest

from gitops.talos import documents
from gitops.talos.rendering import Configuration
from gitops.talos.semantics import sizes
from tests import machines
from tests.unit.talos import changes


def test_findings_name_the_line_of_the_rendered_file_and_the_cluster() -> None:
    text = machines.configurations()[0].text.replace("updelay: 200", "updelay: 250")
    (found,) = machines.judged(Configuration("infra", "infra-01", text), None)[1:]
    line = 1 + text.splitlines().index("updelay: 250")
    assert (str(found.at), found.cluster) == (f"infra/infra-01.yaml:{line}", "infra")


@pytest.mark.parametrize("seed", range(3))
def test_no_value_whatever_breaks_the_judge(seed: int) -> None:
    """Also where no schema is there to refuse it first."""
    draw = random.Random(seed)
    for _ in range(700):
        changed = changes.one(machines.first(), draw)
        machines.judged(Configuration("infra", "infra-01", changed), None)


def test_a_text_that_is_no_yaml_is_told() -> None:
    found = machines.judged(Configuration("infra", "infra-01", "a: [\n"), None)
    assert [each.rule for each in found] == [
        "talos/no-schema",
        "yaml/syntax",
        "talos/document",
        "talos/document",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("400GB", 400 * 10**9), ("1 TiB", 2**40), ("512", 512), ("1.5kb", 1500), ("1,000 MB", 10**9)],
)
def test_sizes_are_read_as_by_go_humanize(text: str, expected: int) -> None:
    assert sizes.size(text) == expected


@pytest.mark.parametrize("text", ["", "GB", "5 gigs", "-1GB", "50%"])
def test_what_is_no_size_is_none(text: str) -> None:
    with pytest.raises(sizes.NoSize, match=r"^is no size: "):
        sizes.size(text)


def test_documents_of_one_kind_are_told_by_their_names() -> None:
    read, wrong = documents.read(machines.configurations()[0])
    aliases: list[tuple[str, Any]] = [
        (str(each), each.number) for each in read.of("LinkAliasConfig")
    ]
    assert (wrong, aliases) == ((), [("LinkAliasConfig fast0", 2), ("LinkAliasConfig fast1", 3)])
    assert msgspec.structs.asdict(read.main)["kind"] == "v1alpha1"
