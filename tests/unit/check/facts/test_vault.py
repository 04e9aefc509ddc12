"""What clusters and files read of 1Password, against the list."""

from gitops.check import engine
from gitops.check.facts import vault as rules
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.model.build import Cluster, Unknown
from gitops.model.finding import Finding
from tests import vaults
from tests.unit.check import clusters

STORE = """
apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata: {name: onepassword}
spec: {provider: {onepassword: {vaults: {NAME: 1, shared: 2}}}}
"""

PASSWORDS = """
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: database, namespace: web}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: onepassword}
  data: [{secretKey: password, remoteRef: {key: database}}]
"""

OTHER = PASSWORDS.replace("name: database", "name: other")

MAIL = """
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: mail, namespace: web}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: onepassword}
  dataFrom: [{extract: {key: mail}}]
"""


def cluster(name: str, *texts: str) -> Cluster:
    text = STORE.replace("NAME", name) + "".join(texts)
    return Cluster(name, f"clusters/{name}", (clusters.kustomization("web", text),))


def told(*of: Cluster, knowledge: Knowledge | None = None) -> list[Finding]:
    known = knowledge or Knowledge(vault=vaults.loaded())
    indexes = tuple(Index(each, known) for each in of)
    return [*rules.missing(indexes), *rules.unused(indexes)]


def messages(*of: Cluster, knowledge: Knowledge | None = None) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in told(*of, knowledge=knowledge)]


def test_a_list_that_says_what_is_read_is_clean() -> None:
    assert told(cluster("one", PASSWORDS, MAIL), cluster("two", PASSWORDS)) == []


def test_the_rules_are_among_those_of_the_engine() -> None:
    assert {rules.missing, rules.unused} <= set(engine.FLEET_RULES)


def test_a_repository_without_a_list_is_left_alone() -> None:
    assert told(cluster("one", PASSWORDS), knowledge=Knowledge()) == []


def test_an_item_that_is_not_listed_is_missing() -> None:
    other = OTHER.replace("key: database", "key: databse")
    (found,) = told(cluster("one", PASSWORDS, MAIL, other), cluster("two", PASSWORDS))
    assert (found.rule, found.cluster, str(found.subject)) == (
        "vault/missing",
        "one",
        "ExternalSecret/web/other",
    )
    assert found.message == (
        "ExternalSecret/web/other reads 'password' of the item 'databse', "
        "which secrets/vault.yaml does not list"
    )


def test_a_field_that_is_not_listed_is_missing() -> None:
    other = OTHER.replace("{key: database}", "{key: mail, property: token}")
    (found,) = told(cluster("one", PASSWORDS, MAIL, other), cluster("two", PASSWORDS))
    assert found.message == (
        "ExternalSecret/web/other reads 'token' of the item 'mail', which the item does not have"
    )
    assert [at.line for at in found.related] == [
        vaults.line("fields:\n      password:\n        made: by the mail")
    ]


def test_an_item_of_a_vault_that_the_store_does_not_open_is_missing() -> None:
    other = OTHER.replace("key: database", "key: router")
    assert messages(cluster("one", PASSWORDS, MAIL, other), cluster("two", PASSWORDS)) == [
        (
            "vault/missing",
            "ExternalSecret/web/other reads 'password' of the item 'router', "
            "which is in vault 'operator': its store opens others",
        )
    ]


def test_stores_of_other_makers_are_left_alone() -> None:
    store = STORE.replace("onepassword: {vaults: {NAME: 1, shared: 2}}", "vault: {}")
    other = store.replace("name: onepassword", "name: other")
    text = other + PASSWORDS.replace("name: onepassword", "name: other").replace(
        "key: database", "key: anything"
    )
    assert told(cluster("one", PASSWORDS, MAIL, f"---{text}"), cluster("two", PASSWORDS)) == []


def test_a_store_that_is_not_known_is_taken_to_open_everything() -> None:
    one = Cluster("one", "clusters/one", (clusters.kustomization("web", PASSWORDS + MAIL),))
    assert told(one, cluster("two", PASSWORDS)) == []


def test_a_find_reads_the_fields_that_match() -> None:
    find = MAIL.replace("extract: {key: mail}", "find: {path: mail, name: {regexp: ^(pass|us)}}")
    assert told(cluster("one", PASSWORDS, find), cluster("two", PASSWORDS)) == []
    less = MAIL.replace("extract: {key: mail}", "find: {path: mail, name: {regexp: ^pass}}")
    assert messages(cluster("one", PASSWORDS, less), cluster("two", PASSWORDS)) == [
        ("vault/unused", "nothing reads 'user' of the item 'mail' at all")
    ]


def test_what_nothing_reads_is_unused() -> None:
    assert messages(cluster("one", PASSWORDS), cluster("two")) == [
        (
            "vault/unused",
            "nothing reads 'password' of the item 'database' in two, where there is one too",
        ),
        ("vault/unused", "nothing reads 'password' of the item 'mail' at all"),
        ("vault/unused", "nothing reads 'user' of the item 'mail' at all"),
    ]


def test_a_file_that_names_an_item_reads_it() -> None:
    files = {"bootstrap/secrets.yaml": "op://shared/mail/user\nop://shared/{{ item }}/password\n"}
    knowledge = Knowledge(vault=vaults.loaded(files))
    assert told(cluster("one", PASSWORDS), cluster("two", PASSWORDS), knowledge=knowledge) == []


def test_a_file_that_names_what_is_not_listed_is_told() -> None:
    files = {"bootstrap/secrets.yaml": "op://one/mail/user\n"}
    knowledge = Knowledge(vault=vaults.loaded(files))
    found = told(cluster("one", PASSWORDS, MAIL), cluster("two", PASSWORDS), knowledge=knowledge)
    assert [(each.rule, str(each.at), each.message) for each in found] == [
        (
            "vault/missing",
            "bootstrap/secrets.yaml:1",
            "op://one/mail/user is nothing that secrets/vault.yaml lists",
        )
    ]


def test_with_a_part_of_the_clusters_nothing_can_be_called_unused() -> None:
    knowledge = Knowledge(vault=vaults.loaded(), whole=False)
    assert told(cluster("one"), knowledge=knowledge) == []


def test_what_may_be_read_where_nobody_sees_is_a_note() -> None:
    hidden = clusters.kustomization("apps", outcome=Unknown("no copy of its source"))
    one = cluster("one", PASSWORDS)
    found = told(Cluster("one", "", (*one.units, hidden)), cluster("two", PASSWORDS))
    assert [each.severity.value for each in found] == ["note", "note"]
