"""Hashes of content, as kustomize 5.8.1 gives them."""

import pytest

from gitops.build.kustomize import hashing


@pytest.mark.parametrize(
    ("body", "suffix"),
    [
        ({"kind": "ConfigMap"}, "6ct58987ht"),
        ({"kind": "ConfigMap", "data": {"b": "q", "e": "a=b"}}, "gh2b9tgd5g"),
        ({"kind": "Secret", "type": "Opaque", "data": {"d": "", "e": "YT1i"}}, "572676h72k"),
    ],
)
def test_known_hashes(body: dict[str, object], suffix: str) -> None:
    assert hashing.suffix(body) == suffix


def test_only_type_and_data_count() -> None:
    bare = {"kind": "Secret", "type": "t", "data": {"a": "x"}}
    full = {**bare, "metadata": {"name": "n", "labels": {"a": "b"}}, "immutable": True}
    assert hashing.suffix(full) == hashing.suffix(bare)
    assert hashing.suffix({**bare, "stringData": {"a": "x"}}) != hashing.suffix(bare)


def test_binary_data_counts_and_the_order_of_keys_does_not() -> None:
    one = {"kind": "ConfigMap", "data": {"a": "<&>", "b": "2"}, "binaryData": {"c": "/w=="}}
    other = {"kind": "ConfigMap", "binaryData": {"c": "/w=="}, "data": {"b": "2", "a": "<&>"}}
    assert (
        hashing.suffix(one) == hashing.suffix(other) != hashing.suffix({**one, "binaryData": None})
    )
