"""The locks name every package by hash, no index, and fit together."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import project

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
NEWER = ("3.12", "3.13", "3.14")
PLATFORMS = (("linux", "Linux"), ("darwin", "Darwin"))


def pins(lock: str) -> dict[str, str]:
    text = (project.ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^(\S+)==(\S+) \\$", text, re.MULTILINE))


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_a_lock_holds_pins_hashes_and_comments_only(lock: str) -> None:
    shape = re.compile(r"\S+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # .*|# .*|")
    lines = (project.ROOT / lock).read_text("utf-8").splitlines()
    assert [line for line in lines if not shape.fullmatch(line)] == []
    assert pins(lock)


def test_the_development_lock_holds_the_runtime_lock() -> None:
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = tomllib.loads((project.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for lock, texts in (
        (RUNTIME, asked["dependencies"]),
        (DEVELOPMENT, asked["optional-dependencies"]["dev"]),
    ):
        pinned = pins(lock)
        for requirement in map(Requirement, texts):
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement} in {lock}"


def test_newer_pythons_need_no_package_more() -> None:
    """The locks are resolved once, for the oldest Python."""
    pinned = pins(DEVELOPMENT)
    missing = set()
    for name in pinned:
        for requirement in map(Requirement, metadata.requires(name) or ()):
            if canonicalize_name(requirement.name) not in pinned and _needed(requirement):
                missing.add(f"{name} needs {requirement}")
    assert missing == set()


def _needed(requirement: Requirement) -> bool:
    if requirement.marker is None:
        return True
    return any(
        requirement.marker.evaluate(
            {
                "python_version": version,
                "python_full_version": f"{version}.0",
                "sys_platform": platform,
                "platform_system": system,
                "extra": "",
            }
        )
        for version in NEWER
        for platform, system in PLATFORMS
    )
