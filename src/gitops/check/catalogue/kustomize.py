"""Rules about kustomizations."""

from gitops.check import rule

RULES = (
    rule.error(
        "kustomize/configuration",
        "A configurations or crds file cannot be used",
        rationale="It tells kustomize where names, labels and images stand, so the build fails.",
        example="crds: [customresourcedefinition.yaml] # wants OpenAPI definitions",
        fix="correct the file; CustomResourceDefinitions belong under resources.",
    ),
    rule.error(
        "kustomize/cycle",
        "Bases go in a circle",
        rationale="kustomize fails the build.",
        example="""
            # base/kustomization.yaml
            resources: [../overlay] # which has ../base
            """,
        fix="move what both need beside them.",
    ),
    rule.warning(
        "kustomize/dead-patch",
        "A patch changes nothing",
        rationale="""
            kustomize says nothing of a patch whose target selects no object. What it was written
            for does not happen. A variable in a target never matches either, since variables are
            substituted later.
            """,
        example="""
            patches:
              - path: replicas.yaml
                target: {kind: Deployment, name: wbe}
            """,
        fix="""
            correct the target, or remove the patch; without a target, kustomize itself refuses a
            patch that misses.
            """,
    ),
    rule.warning(
        "kustomize/dead-replacement",
        "A replacement changes nothing",
        rationale="kustomize says nothing of a target that selects no object.",
        example="""
            targets:
              - select: {kind: Deployment, name: wbe}
                fieldPaths: [spec.replicas]
            """,
        fix="correct what it selects, or remove the target.",
    ),
    rule.error(
        "kustomize/duplicate-id",
        "Two resources of one kustomization become the same object",
        rationale="kustomize refuses to build it, so Flux applies nothing of it.",
        example="""
            resources: [web.yaml, also-web.yaml] # both hold the Deployment web
            """,
        fix="remove or rename one of them; a generator may merge with `behavior: merge`.",
    ),
    rule.error(
        "kustomize/empty",
        "A kustomization asks for nothing",
        rationale="kustomize refuses an empty kustomization.yaml.",
        example="kind: Kustomization",
        fix="add resources, or remove what refers to it.",
    ),
    rule.error(
        "kustomize/escape",
        "A path leaves the repository",
        rationale="Flux builds in a copy of the source, where nothing else is.",
        example="resources: [../../../elsewhere]",
        fix="keep what is needed in the repository.",
    ),
    rule.error(
        "kustomize/field-spec",
        "A transformer cannot write where it is told to",
        rationale="""
            The object has something else at the path: a list, a text or a number where a mapping
            is meant. kustomize fails the build.
            """,
        example="""
            metadata:
              labels: web # a text, and commonLabels wants a mapping
            """,
        fix="correct the object, or the path in the configurations file.",
    ),
    rule.error(
        "kustomize/field-type",
        "A field of a kustomization has the wrong type",
        rationale="kustomize refuses the file.",
        example="resources: web.yaml",
        fix="give the field the type that the message names.",
    ),
    rule.error(
        "kustomize/generator-invalid",
        "A generator cannot make its object",
        rationale="""
            A pair is no `key=value`, a key is not allowed or stands there twice: kustomize fails
            the build.
            """,
        example="""
            configMapGenerator:
              - name: settings
                literals: [A]
            """,
        fix="correct the entry that the message names.",
    ),
    rule.error(
        "kustomize/generator-no-match",
        "A generator has nothing to merge with",
        rationale="""
            With `behavior: merge` or `replace` a generator needs exactly one object of its kind,
            name and namespace. kustomize fails the build.
            """,
        example="""
            configMapGenerator:
              - name: setings
                behavior: merge
                literals: [A=1]
            """,
        fix="correct name and namespace, or remove the behavior.",
    ),
    rule.error(
        "kustomize/missing-file",
        "A file that a kustomization names does not exist",
        rationale="kustomize fails the build, so Flux applies nothing of it.",
        example="resources: [depoyment.yaml]",
        fix="correct the path, which is relative to the kustomization's folder, or add the file.",
    ),
    rule.error(
        "kustomize/name-reference",
        "A reference to a renamed object cannot be followed",
        rationale="""
            A prefix, a suffix or a hash changes names, and kustomize changes references with them.
            Here it cannot tell what is meant and fails the build.
            """,
        example="""
            # two ConfigMaps `settings` in two namespaces, and a namePrefix
            configMapRef:
              name: settings
            """,
        fix="make the reference unambiguous, usually by giving both objects a namespace.",
    ),
    rule.error(
        "kustomize/no-kustomization",
        "A folder that is referred to has no kustomization.yaml",
        rationale="kustomize fails the build of what refers to it.",
        example="resources: [../base] # a folder with manifests alone",
        fix="add a kustomization.yaml there, or name the files one by one.",
    ),
    rule.error(
        "kustomize/not-an-object",
        "A resource file holds something that is no Kubernetes object",
        rationale="Without apiVersion, kind and name kustomize refuses it.",
        example="resources: [values.yaml]",
        fix="move what is no manifest elsewhere, or complete it.",
    ),
    rule.error(
        "kustomize/openapi",
        "The OpenAPI schema of a kustomization cannot be used",
        rationale="It decides how lists are merged, so kustomize fails the build.",
        example="openapi: {version: v1.0.0}",
        fix="use the schema that is built in, or give one as a file.",
    ),
    rule.error(
        "kustomize/patch-failed",
        "A patch cannot be applied to its target",
        rationale="An operation needs a path or a value that the object does not have.",
        example="""
            - op: replace
              path: /spec/replica
              value: 3
            """,
        fix="correct the path; `add` creates what `replace` must find.",
    ),
    rule.error(
        "kustomize/patch-invalid",
        "A patch is neither a strategic merge patch nor a JSON patch",
        rationale="kustomize fails the build.",
        example="""
            patches:
              - patch: |
                  spec: {replicas: 3}
            """,
        fix="give it apiVersion, kind and metadata.name, or a target.",
    ),
    rule.error(
        "kustomize/patch-no-match",
        "A patch names an object that is not here",
        rationale="Without a target a patch must find the object it names, or the build fails.",
        example="""
            kind: Deployment
            metadata: {name: wbe}
            spec: {replicas: 3}
            """,
        fix="correct apiVersion, kind, name or namespace.",
    ),
    rule.warning(
        "kustomize/remote-base",
        "A base lies in another repository",
        rationale="""
            Flux fetches it anew for each build, and fails while it cannot. Nothing is fetched here,
            and no copy of it is known: what it gives is not checked.
            """,
        example="resources: [https://example.org/base?ref=v1]",
        fix="give a copy with --source URL=DIR or in gitops.toml, or keep one in the repository.",
    ),
    rule.warning(
        "kustomize/remote-file",
        "A file would be downloaded",
        rationale="""
            Flux fetches it anew for each build, and fails while it cannot. Nothing is fetched here:
            what it holds is not checked.
            """,
        example="resources: [https://example.org/crds.yaml]",
        fix="keep a copy in the repository.",
    ),
    rule.error(
        "kustomize/replacement",
        "A replacement cannot be made",
        rationale="Its source or a field that it writes to is not there, or not one thing alone.",
        example="source: {kind: ConfigMap, name: setings, fieldPath: data.A}",
        fix="correct what it selects; options.create makes fields that are missing.",
    ),
    rule.error(
        "kustomize/replicas-no-match",
        "A replicas entry names nothing that has replicas",
        rationale="kustomize fails the build.",
        example="replicas: [{name: wbe, count: 3}]",
        fix="correct the name; other kinds need a configurations file or a patch.",
    ),
    rule.error(
        "kustomize/selector",
        "A selector cannot be read",
        rationale="Names in targets are regular expressions, and label selectors have a grammar.",
        example="target: {name: 'web['}",
        fix="correct the expression.",
    ),
    rule.error(
        "kustomize/several-kustomizations",
        "A folder has more than one kustomization file",
        rationale="kustomize does not choose between them: the build fails.",
        example="# kustomization.yaml and Kustomization in one folder",
        fix="keep one of them.",
    ),
    rule.error(
        "kustomize/sort-options",
        "The sort options of a kustomization contradict each other",
        rationale="kustomize fails the build.",
        example="sortOptions: {order: alphabetical}",
        fix="use fifo, or legacy with or without legacySortOptions.",
    ),
    rule.error(
        "kustomize/too-large",
        "A kustomization has more bases than anyone can mean",
        rationale="The build ends here rather than go on for ever.",
        example="# a base that is reached over thousands of paths",
        fix="use fewer levels.",
    ),
    rule.error(
        "kustomize/unknown-field",
        "A kustomization has a field that does not exist",
        rationale="kustomize refuses the file, so that a typing mistake cannot pass.",
        example="resource: [web.yaml]",
        fix="correct the name of the field.",
    ),
    rule.error(
        "kustomize/unreadable",
        "A kustomization file cannot be read",
        rationale="It is a folder, a device, a link out of the repository, or too large.",
        example="# kustomization.yaml is a symbolic link to itself",
        fix="put a regular file there.",
    ),
    rule.error(
        "kustomize/unsupported",
        "A field that is not built here",
        rationale="""
            Charts in helmCharts, functions and plugins need programs that Flux does not run
            either, or that must not run while building. What they would add is not known.
            """,
        example="helmCharts: [{name: web, repo: https://example.org}]",
        fix="use a HelmRelease, or commit what the field would generate.",
    ),
    rule.warning(
        "kustomize/unused-variable",
        "A kustomize variable is used nowhere",
        rationale="It stands in no field that variables are looked for in.",
        example="""
            vars:
              - name: HOST # and no $(HOST)
                objref: {apiVersion: v1, kind: Service, name: web}
            """,
        fix="remove it; replacements are the way to copy values.",
    ),
    rule.error(
        "kustomize/validator",
        "A validator changes what it should only look at",
        rationale="kustomize fails the build.",
        example="validators: [labels.yaml] # a LabelTransformer that adds one",
        fix="list it under transformers if it is meant to.",
    ),
    rule.error(
        "kustomize/variable",
        "A kustomize variable cannot be resolved",
        rationale="It is declared twice, or what it reads is not there or not one thing alone.",
        example="""
            vars:
              - name: HOST
                objref: {apiVersion: v1, kind: Service, name: wbe}
            """,
        fix="correct the declaration; replacements are the successor of vars.",
    ),
    rule.warning(
        "kustomize/wide-patch",
        "A patch selects by kind alone",
        rationale="It will also change every such object that joins the folder later.",
        example="""
            patches:
              - path: limits.yaml
                target: {kind: HelmRelease}
            """,
        fix="name the target, or select it by a label.",
    ),
    rule.warning(
        "kustomize/unlisted-file",
        "A manifest lies beside others that are listed, and is not",
        rationale="""
            A kustomization has what it lists and nothing else of its folder: the object is in Git
            and in no cluster. Told is only of folders that a cluster has other objects from, and
            not of files that a comment of the kustomization names.
            """,
        example="""
            # beside prometheusrule.yaml
            resources: [deployment.yaml, service.yaml]
            """,
        fix="list the file, or remove it.",
    ),
    rule.error(
        "kustomize/wrong-kind",
        "A kustomization file has another kind or version",
        rationale="kustomize accepts Kustomization v1beta1 and Component v1alpha1 only.",
        example="kind: Kustomisation",
        fix="correct kind and apiVersion.",
    ),
)
