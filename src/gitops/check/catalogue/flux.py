"""Rules about Flux's own objects."""

from gitops.check import rule

RULES = (
    rule.error(
        "flux/bad-expression",
        "A variable expression cannot be read",
        rationale="""
            Flux fails the Kustomization, strict or not. Scripts and dashboards that have a ${}
            syntax of their own are the usual victims.
            """,
        example="""
            data:
              run.sh: echo ${PATH-none}
            """,
        fix="""
            write $${…} for text that is not meant for Flux, or annotate the object with
            kustomize.toolkit.fluxcd.io/substitute: disabled.
            """,
    ),
    rule.error(
        "flux/component-not-local",
        "A component of a Flux Kustomization is not a path in its source",
        rationale="Flux takes components from the same source only, by a relative path.",
        example="components: [https://example.org/component]",
        fix="copy the component into the source.",
    ),
    rule.whole(
        "flux/controller-missing",
        "An object of Flux has no controller in its cluster",
        rationale="""
            A FluxInstance installs the controllers that it lists, and their definitions. Without
            its definition an object is refused, and everything that its unit applies with it.
            """,
        example="""
            # and there is a Receiver
            kind: FluxInstance
            spec:
              components: [source-controller, kustomize-controller, helm-controller]
            """,
        fix="list the controller.",
    ),
    rule.error(
        "flux/depends-on-cycle",
        "Units wait for each other in a circle",
        rationale="""
            Flux does not look for cycles: each unit waits for the next to become ready, so none of
            them, and nothing that depends on them, is ever applied. Nothing reports an error.
            """,
        example="""
            # a.yaml
            spec:
              dependsOn: [{name: b}]
            # b.yaml
            spec:
              dependsOn: [{name: a}]
            """,
        fix="remove one of the entries; what both need belongs into a third unit.",
    ),
    rule.started(
        "flux/depends-on-missing",
        "A dependsOn entry names an object that does not exist",
        rationale="""
            Flux waits for it without an error and for ever: the unit, and all that wait for it, are
            never applied. A namespace left out means the namespace of the unit itself.
            """,
        example="""
            spec:
              dependsOn:
                - name: databse
            """,
        fix="correct the name or the namespace, or remove the entry.",
    ),
    rule.started(
        "flux/depends-on-wrong-kind",
        "A dependsOn entry names an object of another kind",
        rationale="""
            A Kustomization waits only for Kustomizations and a HelmRelease only for HelmReleases:
            an entry that names one of the other kind is an entry that names nothing.
            """,
        example="""
            kind: Kustomization
            spec:
              dependsOn:
                - name: cert-manager # a HelmRelease
            """,
        fix="name the Kustomization that applies the release, and give that one `wait: true`.",
    ),
    rule.warning(
        "flux/healthcheck-inert",
        "Health check expressions without a health check",
        rationale="""
            The expressions only refine checks that `wait` or `healthChecks` asks for. Without one
            of those the Kustomization is ready as soon as it is applied.
            """,
        example="""
            spec:
              healthCheckExprs:
                - apiVersion: example.org/v1
                  kind: Database
                  current: status.ready
            """,
        fix="set `wait: true`, or list the objects in healthChecks.",
    ),
    rule.warning(
        "flux/ignored-field",
        "A field of a kustomization.yaml is dropped",
        rationale="""
            Flux writes the file anew before it is built, and what kustomize does not know is gone
            then: the field does nothing, and nothing says so.
            """,
        example="resource: [web.yaml]",
        fix="correct its name, or remove it.",
    ),
    rule.error(
        "flux/incomplete-object",
        "An object has no apiVersion, kind or name",
        rationale="With one such object Flux applies nothing of the Kustomization.",
        example="""
            kind: ConfigMap
            metadata: {}
            """,
        fix="add the field.",
    ),
    rule.error(
        "flux/instance-patch",
        "A patch of a FluxInstance meets nothing",
        rationale="""
            A target that matches no controller changes nothing, which is a warning. A step that
            adds to a field which the controllers do not have is refused, and Flux is not installed
            or kept up to date.
            """,
        example="""
            - target: {kind: Deployment, name: kustomize-controller}
              patch: |
                - op: add
                  path: /spec/template/spec/containers/0/arg/-
                  value: --concurrent=10
            """,
        fix="name a controller of spec.components, and a field that it has.",
    ),
    rule.error(
        "flux/invalid",
        "A Flux object has a field of the wrong type",
        rationale="The API server refuses the object.",
        example="""
            kind: Kustomization
            spec:
              prune: "yes"
            """,
        fix="give the field the type that its documentation names.",
    ),
    rule.error(
        "flux/leading-tab",
        "A text starts with a tab, and variables are substituted",
        rationale="""
            Flux writes the object as YAML and reads it again, and its writer does not quote such a
            text.
            """,
        example="""
            data:
              rules: "\tallow"
            """,
        fix="""
            start the text with something else, or annotate the object with
            kustomize.toolkit.fluxcd.io/substitute: disabled.
            """,
    ),
    rule.error(
        "flux/metadata-not-text",
        "A label or an annotation is not a text",
        rationale="""
            The API server refuses numbers and booleans there. A value that comes from a variable is
            read again after substitution and may become one.
            """,
        example="""
            annotations:
              port: 8080
            """,
        fix="quote the value.",
    ),
    rule.error(
        "flux/missing-component",
        "A component of a Flux Kustomization does not exist",
        rationale="Flux fails the Kustomization. Paths are relative to spec.path.",
        example="""
            spec:
              path: apps/web
              components: [../components/backup] # is ../../components/backup
            """,
        fix="correct the path, or set `ignoreMissingComponents: true`.",
    ),
    rule.error(
        "flux/missing-path",
        "The path of a Flux Kustomization does not exist",
        rationale="Flux fails the Kustomization, and what it applied before stays as it was.",
        example="""
            spec:
              path: apps/wbe
            """,
        fix="correct spec.path, which is relative to the root of the source.",
    ),
    rule.outside(
        "flux/missing-variables",
        "A ConfigMap or Secret in substituteFrom does not exist",
        rationale="""
            Flux fails the Kustomization until it does. A Secret may be made by hand before Flux
            runs, and a ConfigMap that several Kustomizations name is, so that a missing one is only
            a warning; its keys count as unknown. One that the Kustomization creates itself is never
            there in a new cluster.
            """,
        example="""
            postBuild:
              substituteFrom: [{kind: ConfigMap, name: setings}]
            """,
        fix="""
            create it, correct the name, or set `optional: true`; name what is made by hand under
            `outside` in gitops.toml.
            """,
    ),
    rule.error(
        "flux/not-a-manifest",
        "A YAML file that is no manifest lies where Flux takes every file for one",
        rationale="""
            Without a kustomization.yaml Flux makes one from all YAML files below the path, and one
            that is no Kubernetes object fails the Kustomization.
            """,
        example="# values.yaml beside deployment.yaml, and no kustomization.yaml",
        fix="add a kustomization.yaml, move the file, or name it in .sourceignore.",
    ),
    rule.warning(
        "flux/nothing-to-apply",
        "A Flux Kustomization applies nothing",
        rationale="There is no YAML file at its path; Flux says that all is well.",
        example="# spec.path: apps/web, a folder that holds only a README",
        fix="correct spec.path, or remove the Kustomization.",
    ),
    rule.error(
        "flux/removed-api",
        "A Flux object has a version that this Flux does not know any more",
        rationale="The API server refuses it.",
        example="""
            apiVersion: helm.toolkit.fluxcd.io/v2beta1
            kind: HelmRelease
            """,
        fix="use v2 for HelmReleases and v1 for the others.",
    ),
    rule.error(
        "flux/same-after-substitution",
        "Two objects have the same name once variables are put in",
        rationale="kustomize cannot tell them apart then, and Flux fails the Kustomization.",
        example="metadata: {name: web-${A}} # and another one web-${B}, where A and B are equal",
        fix="use a variable that differs, or give one of them another name.",
    ),
    rule.started(
        "flux/source-missing",
        "A reference leads to no source",
        rationale="""
            Without its source a Kustomization or a HelmRelease does nothing and only says that it
            waits. A namespace left out means the namespace of the referring object.
            """,
        example="""
            kind: HelmRelease
            spec:
              chartRef:
                kind: OCIRepository
                name: pod-info
            """,
        fix="add the source, or correct kind, name or namespace of the reference.",
    ),
    rule.error(
        "flux/substitution-breaks-yaml",
        "An object is no YAML any more once variables are put in",
        rationale="Flux substitutes in the text of the object and reads it again.",
        example="""
            data:
              title: ${TITLE} # TITLE is `news: all of them`
            """,
        fix="quote the value where it is used, or keep such characters out of it.",
    ),
    rule.error(
        "flux/undefined-variable",
        "A variable has no value",
        rationale="""
            Since Flux 2.9 this fails the whole Kustomization; before, nothing was put in its place.
            """,
        example="""
            data:
              domain: ${CLUSTER_DOMIAN}
            """,
        fix="""
            define it, give it a default as in ${NAME:=default}, or write $${NAME} if Flux is not
            meant.
            """,
    ),
    rule.warning(
        "flux/unfilled-variable",
        "A unit without postBuild has variables that others take from a ConfigMap",
        rationale="""
            Flux substitutes only where a Kustomization says so. Without it the text `${DOMAIN}`
            itself is applied: often it is valid, and leads nowhere.
            """,
        example="""
            # without postBuild, where other units have substituteFrom: cluster-settings
            hostnames: ["web.${DOMAIN}"]
            """,
        fix="name the ConfigMap under postBuild.substituteFrom.",
    ),
    rule.warning(
        "flux/unused-variable",
        "A setting that nothing uses",
        rationale="""
            A key of a ConfigMap in substituteFrom stands in no object of the cluster. It is left
            over, or the place that should use it has another name for it and takes its default.
            """,
        example="""
            kind: ConfigMap
            data:
              CLUSTER_DOMAIN: example.org # used as ${DOMAIN:=local}
            """,
        fix="remove the key, or correct its name.",
    ),
    rule.error(
        "flux/variable-name",
        "A variable has a name that Flux refuses",
        rationale="""
            One key in a ConfigMap or Secret of substituteFrom that is no variable name fails the
            whole Kustomization.
            """,
        example="""
            data:
              cluster-name: apps
            """,
        fix="use letters, digits and _ only, not starting with a digit.",
    ),
)
