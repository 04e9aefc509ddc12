"""What fixtures need and no commit can hold: keys, odd names, and what is too much to read."""

import os
from collections.abc import Callable
from pathlib import Path

from gitops.build.kustomize.loading import MAX_DEPTH
from gitops.sources import yamlio
from tests import estates
from tests.encryption import Encryption, Person

Make = Callable[[Path, Path], None]
"""Adds to the repository of a fixture and to its machine."""


def _name_in_latin_1(repository: Path, machine: Path) -> None:
    with open(os.fsencode(repository) + b"/clusters/test/caf\xe9.yaml", "wb") as file:
        file.write(b"# nobody reads this\n")


def _large_files(repository: Path, machine: Path) -> None:
    """One with a hole that makes it too large to read, and one that is only long."""
    os.truncate(repository / "units" / "configmap.yaml", 65 * 1024 * 1024)
    with repository.joinpath("units", "near-miss.yaml").open("a", encoding="utf-8") as file:
        file.write(f"#{' ' * 1024 * 1024}\n")


def _small_estate(repository: Path, machine: Path) -> None:
    """The facts that other tests share, where some have to be there."""
    repository.joinpath("fleet.yaml").write_text(estates.TEXT, "utf-8")


def _bases(repository: Path, machine: Path) -> None:
    """Below the first lies one more than can be read."""
    last = MAX_DEPTH + 1
    for depth in range(last + 1):
        folder = repository / "bases" / f"{depth:02}"
        folder.mkdir(parents=True)
        below = f"../{depth + 1:02}" if depth < last else "configmap.yaml"
        folder.joinpath("kustomization.yaml").write_text(f"resources: [{below}]\n", "utf-8")
    folder.joinpath("configmap.yaml").write_text(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: deep, namespace: default}}\n", "utf-8"
    )


def _secret_that_opens(repository: Path, machine: Path) -> None:
    """A near miss: encrypted for somebody whose key is where sops looks for it."""
    person = Person()
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": _NEAR_MISS}
    sealed = Encryption(person, encrypted_regex="^stringData$").encrypt(
        {**body, "stringData": {"password": "hunter2"}}, "stringData"
    )
    repository.joinpath("secrets", "near-miss.yaml").write_text(yamlio.dump(sealed), "utf-8")
    keys = machine / "config" / "sops" / "age"
    keys.mkdir(parents=True)
    keys.joinpath("keys.txt").write_text(f"{person.secret}\n", "utf-8")


_NEAR_MISS = {"name": "near-miss", "namespace": "default"}

MADE: dict[str, Make] = {
    "backups-that-the-list-gets-wrong": _small_estate,
    "bases-below-each-other": _bases,
    "file-that-is-too-large": _large_files,
    "file-name-in-latin-1": _name_in_latin_1,
    "policy-site-exposed": _small_estate,
    "secret-without-its-key": _secret_that_opens,
}
"""The functions by the names of their fixtures."""
