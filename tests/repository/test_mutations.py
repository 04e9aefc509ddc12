"""Mistakes in our own repository are reported where they were made: a sample of `bench.mutation`.

All at once, because each is in a file of its own and breaks no unit; on a machine without charts.
"""

from pathlib import Path

import pytest

from bench.mutation import checking, mutations

SAMPLE = (
    "a Gateway is of a class that does not exist",
    "a Service of the other cluster is looked for at another port",
    "a binding is of an admission policy that does not exist",
    "a cluster takes the router's AS number for its own",
    "a container is privileged where none may be",
    "a derived file of the bootstrap is changed by hand",
    "a field is read that the vault does not have",
    "a group of volumes is of a filesystem that does not exist",
    "a job of a base calls a Service that does not exist",
    "a monitor of Keycloak scrapes a port that it does not have",
    "a route attaches to a listener that does not exist",
    "a schedule has an hour that no day has",
    "a store of logs wants a volume of a class that does not exist",
    "a volume is made of a Secret that an operator calls otherwise",
    "an agent writes to a Service that does not exist",
    "an alert cannot be read",
    "an image is of whatever is latest",
    "an issuer solves no zone of its certificates",
    "an operator may not call its instances",
    "logs are sent with a Secret of another name",
    "pods want more memory than a node has",
    "the list of the vault names what nobody reads",
    "values name a Secret that does not exist",
)


def test_mistakes_are_reported_where_they_were_made(tmp_path: Path) -> None:
    chosen = [each for each in mutations.load() if each.name in SAMPLE]
    assert sorted(each.name for each in chosen) == sorted(SAMPLE)
    with checking.cache(tmp_path / "cache", None):
        outcomes = checking.Copy(tmp_path / "repository").together(chosen)
    assert [each.mutation.name for each in outcomes if not each.located] == []


@pytest.mark.parametrize("mutation", mutations.load(), ids=lambda each: each.name)
def test_every_mutation_still_fits_the_repository(mutation: mutations.Mutation) -> None:
    files = checking.tracked()
    changed = mutation.apply(files)
    assert changed[mutation.file] != files[mutation.file]
    for path, near in mutation.at.items():
        assert near in files[path]
