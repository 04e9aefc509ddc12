"""The page that tells how each secret is changed."""

from gitops.check.index import Index
from gitops.model.build import Cluster
from gitops.secrets import rotation
from tests import vaults
from tests.unit.check import clusters

READER = """
---
apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata: {name: onepassword}
spec: {provider: {onepassword: {vaults: {one: 1, shared: 2}}}}
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: database, namespace: web}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: onepassword}
  data: [{secretKey: password, remoteRef: {key: database}}]
"""

SECTIONS = """\
## database

In the vault `one`, `two`: the database.

- `password`: made by 1Password (`letters,digits,32`).
  To rotate: change it.

Read in one by `web/database`.

## mail

In the vault `shared`: the mail server.

- `password`: made by the mail provider.
  To rotate: change it there.
- `user`: made by the mail provider.
  To rotate: never.


## router

In the vault `operator`: the router.

- `password`: made by 1Password.
  To rotate: change it.

Put where it belongs by hand: [router.md](../../docs/router.md).
"""


def facts() -> tuple[Index, ...]:
    one = Cluster("one", "clusters/one", (clusters.kustomization("web", READER),))
    return Index(one), Index(Cluster("two", "clusters/two", ()))


def test_every_item_has_a_section_with_all_fields_and_readers() -> None:
    text = rotation.text(vaults.loaded().vault, facts())
    assert text[text.index("## database") :] == SECTIONS


def test_the_page_says_how_to_verify_and_not_to_write_values_into_commands() -> None:
    text = rotation.text(vaults.loaded().vault, facts())
    assert text.startswith("# Rotate a secret\n")
    assert "`gitops secrets verify --vault <vault>`" in text
