"""Rules about the text of YAML files."""

from gitops.check import rule

RULES = (
    rule.error(
        "yaml/duplicate-key",
        "A mapping sets a key twice",
        rationale="""
            kustomize refuses the file. Other readers let the last one win, so what stands first is
            ignored without a word; there it is a warning.
            """,
        example="""
            metadata:
              name: web
              name: website
            """,
        fix="keep one of the two.",
    ),
    rule.error(
        "yaml/encoding",
        "A file is not UTF-8, or holds characters that YAML does not allow",
        rationale="Neither kustomize nor Flux can read it.",
        example='name: "caf\\xe9" # one byte of Latin-1',
        fix="save the file as UTF-8; write control characters as escapes in double quotes.",
    ),
    rule.warning(
        "yaml/ignored-text",
        "Text after the end of a document is ignored",
        rationale="""
            Kubernetes tools read one document between two separators and drop what follows it, so
            objects can go missing without an error.
            """,
        example="""
              kind: ConfigMap
            kind: Secret
            """,
        fix="begin a new document with ---, or indent the lines alike.",
    ),
    rule.error(
        "yaml/syntax",
        "A file is not YAML",
        rationale="Flux fails the Kustomization that holds it and applies nothing of it.",
        example="""
            metadata:
              name: web
             namespace: apps
            """,
        fix="correct the line; indentation, a missing quote or a tab are the usual causes.",
    ),
    rule.error(
        "yaml/too-large",
        "A document unfolds to more than any manifest holds",
        rationale="""
            Aliases that refer to aliases grow without bound: a few lines can fill the memory of
            whoever reads them. Readers in Flux refuse such a file too.
            """,
        example="""
            a: &a [x, x, x, x]
            b: &b [*a, *a, *a, *a]
            c: [*b, *b, *b, *b]
            """,
        fix="write the values out, or split the document.",
    ),
)
