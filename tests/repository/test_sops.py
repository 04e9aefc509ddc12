"""`.sops.yaml`: for whom files are encrypted, and that none is encrypted for a name."""

import re
from typing import Any

import pyrage
import pytest
import yaml

from tests.repository import manifests

RULES: list[dict[str, Any]] = yaml.safe_load((manifests.ROOT / ".sops.yaml").read_text("utf-8"))[
    "creation_rules"
]
ENCRYPTED = [path for path in manifests.files() if path.endswith(".sops.yaml")]
NAME = re.compile(r"age-recipient-of-the-(cluster-(infra|apps)|offline-key)")


def rule(path: str) -> dict[str, Any]:
    """The first that matches, as sops takes it."""
    return next(each for each in RULES if re.search(each["path_regex"], path))


def is_recipient(text: str) -> bool:
    try:
        pyrage.x25519.Recipient.from_str(text)
    except Exception:
        return False
    return True


def test_recipients_are_keys_of_age_or_names_that_stand_for_one() -> None:
    wrong = [
        recipient
        for each in RULES
        for recipient in each["age"]
        if not NAME.fullmatch(recipient) and not is_recipient(recipient)
    ]
    assert wrong == []


def test_every_rule_covers_what_secrets_hold_and_can_be_opened_offline() -> None:
    assert {each["encrypted_regex"] for each in RULES} == {"^(data|stringData)$"}
    assert {each["age"][-1] for each in RULES} == {RULES[0]["age"][-1]}


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("kubernetes/clusters/infra/secret.sops.yaml", 2),
        ("kubernetes/clusters/apps/secret.sops.yaml", 2),
        ("kubernetes/infrastructure/databases/postgres/secret.sops.yaml", 3),
    ],
)
def test_a_cluster_reads_its_own_files_and_what_is_shared(path: str, count: int) -> None:
    assert len(rule(path)["age"]) == count


def test_what_is_encrypted_is_so_for_the_recipients_of_its_rule() -> None:
    found = {
        path: sorted(
            key["recipient"]
            for key in yaml.safe_load((manifests.ROOT / path).read_text("utf-8"))["sops"]["age"]
        )
        for path in ENCRYPTED
    }
    assert found == {path: sorted(rule(path)["age"]) for path in ENCRYPTED}


def test_what_looks_like_a_recipient_is_tried() -> None:
    assert is_recipient(str(pyrage.x25519.Identity.generate().to_public()))
    assert not is_recipient("age1" + "q" * 58)
