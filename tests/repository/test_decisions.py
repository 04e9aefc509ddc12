"""Decisions: numbered, dated, and short enough to be read."""

import re
from pathlib import Path

import pytest

from tests.repository import manifests

PAGES = sorted((manifests.ROOT / "docs" / "adr").iterdir())


def test_a_number_is_given_to_one_decision_only() -> None:
    """Gaps are fine: decisions about the compiler and the platform count from 1 and from 20."""
    numbers = [path.name[:4] for path in PAGES]
    assert all(re.fullmatch(r"\d{4}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name[:4])
def test_a_decision_is_a_page_with_a_date_and_consequences(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()
    assert lines[0].startswith(f"# {page.name[:4]}: ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d · (accepted|replaced by \d{4})", lines[2])
    sections = [line for line in lines if line.startswith("## ")]
    assert sections == ["## Why a decision is needed", "## Decision", "## Consequences"]
    assert len(lines) <= 60


def test_every_decision_that_is_referred_to_exists() -> None:
    numbers = {path.name[:4] for path in PAGES}
    texts = [*manifests.ROOT.glob("*.md"), *(manifests.ROOT / "docs").rglob("*.md")]
    named = {
        found for path in texts for found in re.findall(r"ADR (\d{4})", path.read_text("utf-8"))
    }
    assert named - numbers == set()
