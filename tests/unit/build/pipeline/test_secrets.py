"""What was decrypted here is used and never kept."""

import base64
import json
from typing import Any

import pytest

from gitops.model.build import Fleet
from gitops.sources import yamlio
from tests.encryption import Encryption, Person
from tests.unit.build.pipeline.compiling import (
    Charts,
    Outside,
    Renders,
    chart,
    compiled,
    outcomes,
    rules,
    stored,
    told,
    unit,
)
from tests.unit.build.pipeline.test_releases import MAP, from_registry, registry
from tests.unit.build.pipeline.test_units import config_map, kustomization

PERSON = Person()
SECRET = "s3cret-horse-battery"
DECRYPTION = "  decryption: {provider: sops}\n"


def encrypted(name: str, namespace: str = "flux-system") -> str:
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "stringData": {"password": SECRET},
    }
    sealed = Encryption(PERSON, encrypted_regex="^(data|stringData)$").encrypt(body, "stringData")
    return f"---\n{yamlio.dump(sealed)}"


def secrets(more: str = "") -> dict[str, str | bytes]:
    return {
        "clusters/test/secrets.yaml": kustomization("secrets", more=DECRYPTION + more),
        "secrets/secret.yaml": encrypted("password"),
    }


def reading(name: str, path: str = "") -> str:
    return kustomization(
        name, path, "  postBuild: {substituteFrom: [{kind: Secret, name: password}]}\n"
    )


def with_key(**more: Any) -> Outside:
    return Outside(keyring=PERSON.keyring, **more)


def kept(given: Outside) -> list[str]:
    """Where the secret can be found in the cache, in any of its forms."""
    forms = [SECRET.encode(), base64.b64encode(SECRET.encode())]
    entries = given.cache.entries.items()
    return [kind for (kind, _), data in entries if any(form in data for form in forms)]


def shown(fleet: Fleet, name: str, kind: str = "") -> str:
    return b"".join(each.raw for each in unit(fleet, name, kind).manifests).decode()


def test_with_a_key_a_secret_is_readable() -> None:
    given = with_key()
    fleet = compiled(secrets(), given)
    assert base64.b64encode(SECRET.encode()).decode() in shown(fleet, "secrets")
    assert kept(given) == []
    assert told(fleet) == []


def test_without_a_key_placeholders_stand_for_its_values() -> None:
    given = Outside()
    fleet = compiled(secrets(), given)
    (secret,) = unit(fleet, "secrets").manifests
    assert secret.incomplete == "placeholder"
    assert rules(fleet) == ["sops/no-key"]


def test_variables_from_a_secret_are_not_kept() -> None:
    given = with_key()
    files = {
        **secrets(),
        "clusters/test/a.yaml": reading("a"),
        "a/map.yaml": config_map("a", "is: ${password}"),
    }
    fleet = compiled(files, given)
    assert SECRET in shown(fleet, "a")
    assert kept(given) == []
    assert compiled(files, given) == fleet


def test_neither_are_the_children_of_what_was_rendered_with_them() -> None:
    given = with_key()
    files = {
        **secrets(),
        "clusters/test/a.yaml": reading("a"),
        "a/child.yaml": kustomization(
            "child", more="  postBuild: {substitute: {inherited: '${password}'}}\n"
        ),
        "child/grandchild.yaml": kustomization(
            "grandchild", more="  postBuild: {substitute: {again: '${inherited}'}}\n"
        ),
        "grandchild/map.yaml": config_map("map", "is: ${again}"),
        "a/release.yaml": from_registry("app", ", values: {password: '${password}'}")
        + registry("app"),
    }
    given.charts = Charts(stored("app"))
    given.renders = Renders(
        {"app": lambda request: chart(f"{MAP}data: {request.values.decode()}\n")(request)}
    )
    fleet = compiled(files, given)
    assert SECRET in shown(fleet, "grandchild")
    assert SECRET in shown(fleet, "app")
    assert kept(given) == []


@pytest.mark.parametrize("kind", ["Secret", "ConfigMap"])
def test_values_from_a_secret_are_not_kept(kind: str) -> None:
    given = with_key(
        charts=Charts(stored("app")),
        renders=Renders(
            {"app": lambda request: chart(f"{MAP}data: {request.values.decode()}\n")(request)}
        ),
    )
    target = ", valuesFrom: [{kind: %s, name: %s, valuesKey: password, targetPath: password}]"
    name = "password" if kind == "Secret" else "copy"
    files = {
        "clusters/test/secrets.yaml": kustomization("secrets", more=DECRYPTION),
        "secrets/secret.yaml": encrypted("password", "web"),
        "clusters/test/flux.yaml": kustomization("flux", more=DECRYPTION),
        "flux/secret.yaml": encrypted("password"),
        "clusters/test/a.yaml": reading("a"),
        "a/map.yaml": config_map("copy", "password: ${password}").replace("flux-system", "web"),
        "clusters/test/app.yaml": from_registry("app", target % (kind, name)) + registry("app"),
    }
    fleet = compiled(files, given)
    assert outcomes(fleet)["HelmRelease/web/app"] == "Rendered"
    assert SECRET in shown(fleet, "app")
    assert kept(given) == []


def test_a_generator_that_reads_an_encrypted_file_is_not_kept() -> None:
    given = with_key()
    plain = json.dumps(Encryption(PERSON).encrypt({"password": SECRET}), indent=2)
    files: dict[str, str | bytes] = {
        "clusters/test/a.yaml": kustomization("a", more=DECRYPTION),
        "a/kustomization.yaml": "secretGenerator: [{name: made, files: [plain.json]}]\n",
        "a/plain.json": plain,
    }
    fleet = compiled(files, given)
    (made,) = unit(fleet, "a").manifests
    assert SECRET in base64.b64decode(made.body()["data"]["plain.json"]).decode()
    assert given.cache.hits == []
    assert kept(given) == []


def test_a_result_that_was_kept_without_a_key_is_not_taken_with_one() -> None:
    given = Outside()
    compiled(secrets(), given)
    given.keyring = PERSON.keyring
    fleet = compiled(secrets(), given)
    assert base64.b64encode(SECRET.encode()).decode() in shown(fleet, "secrets")


def test_the_fingerprint_of_values_is_the_same_with_and_without_a_key() -> None:
    values = ", valuesFrom: [{kind: Secret, name: password, valuesKey: password, targetPath: a}]"
    files = {
        "clusters/test/secrets.yaml": kustomization("secrets", more=DECRYPTION),
        "secrets/secret.yaml": encrypted("password", "web"),
        "clusters/test/app.yaml": from_registry("app", values) + registry("app"),
    }
    prints = []
    for given in (Outside(), with_key()):
        given.charts = Charts(stored("app"))
        given.renders = Renders({"app": chart(MAP)})
        use = unit(compiled(files, given), "app").chart
        assert use is not None
        prints.append(use.values)
    assert prints[0] == prints[1]


def test_the_fingerprint_is_not_told_where_the_release_holds_what_was_decrypted() -> None:
    files = {
        **secrets(),
        "clusters/test/a.yaml": reading("a"),
        "a/release.yaml": from_registry("app", ", values: {a: '${password}'}") + registry("app"),
    }
    prints = []
    for given in (Outside(), with_key()):
        given.charts = Charts(stored("app"))
        given.renders = Renders({"app": chart(MAP)})
        use = unit(compiled(files, given), "app").chart
        assert use is not None
        prints.append(use.values)
    assert prints[0].startswith("sha256:")
    assert prints[1] == ""


def test_without_decryption_an_encrypted_secret_is_a_mistake() -> None:
    files = {**secrets(), "clusters/test/secrets.yaml": kustomization("secrets")}
    given = with_key()
    fleet = compiled(files, given)
    assert rules(fleet) == ["sops/not-decrypted"]
    assert outcomes(fleet)["Kustomization/flux-system/secrets"] == "Broken"
    assert kept(given) == []


def test_a_root_decrypts_what_lies_beside_its_own_declaration() -> None:
    """As `flux bootstrap` applies it: nothing renders before the root has its own form."""
    files = {
        "clusters/test/gotk-sync.yaml": kustomization("flux-system", "clusters/test", DECRYPTION),
        "clusters/test/secret.yaml": encrypted("password"),
    }
    fleet = compiled(files, with_key())
    assert told(fleet) == []
    (secret,) = (each for each in unit(fleet, "flux-system").manifests if each.id.kind == "Secret")
    assert base64.b64decode(secret.body()["data"]["password"]).decode() == SECRET
