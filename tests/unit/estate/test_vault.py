"""The list of secrets, and the references of files."""

from gitops.estate import references, vault
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree
from tests import vaults


def test_the_list_is_read_with_the_line_of_each_field() -> None:
    loaded = vaults.loaded()
    assert list(loaded.vault.items) == ["database", "mail", "router"]
    assert loaded.vault.items["database"].fields["password"].recipe == "letters,digits,32"
    assert loaded.at("items", "mail", "fields", "user").line == vaults.line("user:")


def test_a_repository_need_not_have_a_list() -> None:
    assert vault.exists(MemoryTree(vaults.FILES))
    assert not vault.exists(MemoryTree({}))


def test_a_vault_that_is_not_declared_is_a_mistake() -> None:
    text = vaults.TEXT.replace("vault: shared", "vault: common")
    _, (found,) = vault.load(MemoryTree({**vaults.FILES, vault.PATH: text}))
    assert (found.rule, found.message) == ("estate/unknown-name", "there is no vault 'common'")
    assert found.at == Location(vault.PATH, 0, vaults.line("vault: shared"))


def test_what_is_read_by_hand_is_named_in_its_document() -> None:
    for files in ({vault.PATH: vaults.TEXT}, {**vaults.FILES, "docs/router.md": "Nothing."}):
        _, (found,) = vault.load(MemoryTree(files))
        assert (found.rule, found.message) == (
            "vault/unused",
            "docs/router.md does not name the item 'router', and so nobody reads it by hand",
        )


def test_a_field_has_to_say_how_it_is_made_and_changed() -> None:
    text = vaults.TEXT.replace("        rotate: never\n", "")
    _, (found,) = vault.load(MemoryTree({**vaults.FILES, vault.PATH: text}))
    assert found.message == "items.mail.fields.user has no rotate"


def test_references_are_found_in_every_file_of_a_folder() -> None:
    tree = MemoryTree(
        {
            "bootstrap/secrets.yaml": "a: op://shared/mail/password\nb: op://one/x/section/user\n",
            "bootstrap/deep/talos.yaml.j2": 'key: "op://operator/talos-{{ cluster.name }}/ca.crt"',
            "bootstrap/env": "op://$VAULT/database/password",
            "docs/notes.md": "op://not/looked/at",
            "talos": "op://shared/mail/user",
        }
    )
    assert [
        (str(found.at), str(found)) for found in references.find(tree, ("talos", "bootstrap", "no"))
    ] == [
        ("bootstrap/deep/talos.yaml.j2:1", "op://operator/talos-*/ca.crt"),
        ("bootstrap/env:1", "op://*/database/password"),
        ("bootstrap/secrets.yaml:1", "op://shared/mail/password"),
        ("bootstrap/secrets.yaml:2", "op://one/x/user"),
        ("talos:1", "op://shared/mail/user"),
    ]


def test_a_recipe_is_one_that_1password_can_follow() -> None:
    for recipe in ("letters,numbers,32", "letters,digits,65", "32", "letters,32,digits"):
        text = vaults.TEXT.replace("letters,digits,32", recipe)
        loaded, (found,) = vault.load(MemoryTree({**vaults.FILES, vault.PATH: text}))
        assert (loaded, found.at.line) == (None, vaults.line("recipe:"))
    for recipe in ("letters", "symbols,letters,digits", "digits,64"):
        text = vaults.TEXT.replace("letters,digits,32", recipe)
        assert vault.load(MemoryTree({**vaults.FILES, vault.PATH: text}))[1] == ()
