"""What looks like a secret."""

import pytest

from gitops.check.platform.keeping import likeness


@pytest.mark.parametrize(
    ("text", "bits"), [("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("abcdefgh", 3.0)]
)
def test_entropy_counts_the_bits_of_a_character(text: str, bits: float) -> None:
    assert likeness.entropy(text) == bits


@pytest.mark.parametrize(
    "value", ["8fQ2vN7xKp4Rt9Lz", "c2VjcmV0LWtleS1vZi0xMjM0NQ==", "p4ssW0rd!x9Qz"]
)
def test_letters_and_digits_in_no_order_are_random(value: str) -> None:
    assert likeness.is_random(value)


@pytest.mark.parametrize(
    "value",
    [
        "short1A",
        "kubernetes-service-account-v2",
        "/run/secrets/8fQ2vN7xKp4Rt9Lz",
        "https://sso.example/realms/platform1",
        "aaaaaaaaaaaaaaa1",
        "correct horse battery 1",
        "onlylettersinhere",
        "web-admin-credentials1",
    ],
)
def test_names_paths_and_sentences_are_not(value: str) -> None:
    assert not likeness.is_random(value)


@pytest.mark.parametrize("name", ["password", "DB_PASSWORD", "apiKey", "api-token", "clientSecret"])
def test_keys_that_end_in_what_they_hold_name_a_secret(name: str) -> None:
    assert likeness.is_named(name)


@pytest.mark.parametrize("name", ["TOKEN_TTL", "existingSecretName", "passwordFile", "tokenizer"])
def test_keys_about_secrets_name_none(name: str) -> None:
    assert not likeness.is_named(name)


def test_a_private_key_is_known_by_its_first_line() -> None:
    head, kind = "-----BEGIN", "PRIVATE KEY-----"
    assert likeness.has_form(f"# mine\n{head} {kind}\n")
    assert not likeness.has_form(f"{head} PUBLIC KEY-----\n")
