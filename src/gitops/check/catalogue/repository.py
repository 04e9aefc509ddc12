"""Rules about the repository as a whole and the cache of its builds."""

from gitops.check import rule

RULES = (
    rule.note(
        "cache/off",
        "Nothing can be kept in the cache",
        rationale="The result is right all the same; the next run starts from nothing again.",
        example="# no space left on the device that holds the cache",
        fix="make room or set the permissions of the folder, or pass --no-cache.",
    ),
    rule.error(
        "cluster/missing-entry",
        "The entry folder of a cluster does not exist",
        rationale="Flux would find nothing to apply at the path it is pointed at.",
        example="gitops check --entry apps=kubernetes/clusters/aps",
        fix="name an existing folder with --entry or in gitops.toml.",
    ),
    rule.error(
        "cluster/none",
        "The repository has no cluster",
        rationale="""
            Clusters are looked for in kubernetes/clusters and clusters, then in whatever a
            FluxInstance or gotk-sync.yaml names.
            """,
        example="# a repository with its clusters in deploy/prod and deploy/test",
        fix="name the folder that Flux is pointed at with --entry DIR, or in gitops.toml.",
    ),
    rule.error(
        "cluster/same-name",
        "Two clusters have the same name",
        rationale="Only the first is compiled: findings and locks tell clusters by their names.",
        example="gitops check --entry home/prod --entry work/prod",
        fix="name at least one of them, --entry work=work/prod, or both in gitops.toml.",
    ),
    rule.error(
        "config/invalid",
        "The file gitops.toml cannot be read",
        rationale="Nothing of it is used, so clusters and versions may be others than meant.",
        example='kube_version = "1.33.5" # the key is kube-version',
        fix="correct the key or the value; ARCHITECTURE.md names the keys.",
    ),
    rule.error(
        "config/missing-source",
        "The copy of another repository is not where gitops.toml says",
        rationale="What comes from that repository stays unknown, which nobody meant.",
        example='[sources]\n"https://example.org/other" = "../othr"',
        fix="clone the repository there, or correct the folder.",
    ),
    rule.warning(
        "repository/file-name",
        "The name of a file is not UTF-8",
        rationale="Git and Flux take any bytes for a name; here such a file is left out.",
        example="# a file whose name was written in Latin-1",
        fix="rename the file, or remove it.",
    ),
)
