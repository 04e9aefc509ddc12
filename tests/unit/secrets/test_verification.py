"""What the vaults hold, against the list."""

from gitops.model.holding import Field, Fields, Holding, Title
from gitops.secrets import verification, wanted
from tests import vaults

FULL: Fields = (Field("password", True),)
MAIL: Fields = (Field("password", True), Field("user", True))
ALL: Holding = {
    "one": {"database": (FULL,)},
    "operator": {"router": (FULL,)},
    "shared": {"mail": (MAIL,)},
    "two": {"database": (FULL,)},
}


def told(held: Holding) -> list[str]:
    listed = vaults.loaded()
    items = wanted.of(listed.vault, ("two", "one"))
    found = verification.findings(items, held, listed)
    return [f"{each.at} {each.rule}: {each.message}" for each in found]


def at(words: str) -> str:
    return f"secrets/vault.yaml:{vaults.line(words)}"


def test_an_item_of_each_is_wanted_in_the_vault_of_every_cluster() -> None:
    items = wanted.of(vaults.loaded().vault, ("two", "one"))
    assert [(each.vault, each.title) for each in items] == [
        ("one", "database"),
        ("operator", "router"),
        ("shared", "mail"),
        ("two", "database"),
    ]
    assert [each.title for each in wanted.within(items, ("shared",))] == ["mail"]


def test_nothing_is_said_of_vaults_that_hold_all() -> None:
    assert told(ALL) == []


def test_an_item_that_is_not_there_is_told() -> None:
    assert told({**ALL, "two": {}}) == [
        f"{at('  database:')} vault/absent: the vault 'two' has no item 'database': the database"
    ]


def test_a_field_that_is_not_there_is_told() -> None:
    assert told({**ALL, "shared": {"mail": (FULL,)}}) == [
        f"{at('      user:')} vault/absent: the item 'mail' in the vault 'shared' has no field "
        "'user'"
    ]


def test_an_empty_field_is_told() -> None:
    held = {"database": ((Field("password", False),),)}
    assert told({**ALL, "one": held}) == [
        f"{at('      password:')} vault/empty: the item 'database' in the vault 'one' has nothing "
        "in 'password'"
    ]


def test_two_of_one_name_are_read_by_nobody() -> None:
    twice = {"database": (FULL + FULL,)}
    assert told({**ALL, "one": {"database": (FULL, FULL)}, "two": twice}) == [
        f"{at('  database:')} vault/ambiguous: the vault 'one' has 2 items 'database': none of "
        "them is read",
        f"{at('      password:')} vault/ambiguous: the item 'database' in the vault 'two' has 2 "
        "fields 'password': none of them is read",
    ]


def test_a_vault_that_cannot_be_seen_is_told_once() -> None:
    seen = {name: held for name, held in ALL.items() if name != "shared"}
    assert told(seen) == [
        f"{at('  shared:')} vault/closed: the vault 'shared' cannot be seen: it is not there, or "
        "whoever asks may not open it"
    ]


class Keeper:
    """Tells of one vault, and writes down what it was asked for."""

    name = "a keeper"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vaults(self) -> dict[str, str]:
        return {"one": "v1", "of-others": "v2"}

    def titles(self, vault: str) -> tuple[Title, ...]:
        return (Title("i1", "database"), Title("i2", "of others"), Title("i3", "database"))

    def fields(self, vault: str, item: str) -> Fields:
        self.asked.append(f"{vault}/{item}")
        return FULL


def test_only_items_that_are_listed_are_opened() -> None:
    keeper = Keeper()
    items = wanted.of(vaults.loaded().vault, ("one", "two"))
    assert verification.look(keeper, items) == {"one": {"database": (FULL, FULL)}}
    assert keeper.asked == ["v1/i1", "v1/i3"]
