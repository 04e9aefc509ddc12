"""Rules about Secrets and ConfigMaps that objects refer to."""

from gitops.check import rule

RULES = (
    rule.outside(
        "configmap/key-missing",
        "A key of a ConfigMap is asked for that it does not have",
        rationale="""
            The kubelet starts no container whose key is missing, unless the reference is optional.
            The pod waits, and the workload reports no error.
            """,
        example="""
            env:
              - name: MODE
                valueFrom:
                  configMapKeyRef: {name: settings, key: mdoe}
            """,
        fix="correct the key, add it to the ConfigMap, or set optional: true.",
    ),
    rule.outside(
        "configmap/missing",
        "A ConfigMap is referred to that nothing creates",
        rationale="""
            The kubelet starts no container whose ConfigMap is missing, unless the reference is
            optional. Where a part of the cluster cannot be seen this is a note.
            """,
        example="""
            envFrom:
              - configMapRef: {name: setings}
            """,
        fix="""
            correct the name, create it, or set optional: true; what is made by hand belongs under
            `outside` in gitops.toml.
            """,
    ),
    rule.warning(
        "secret/host-key",
        "A key of an SSH server has a name that no server looks for",
        rationale="""
            Host keys are found by the names of their files, ssh_host_*_key. One of another name is
            mounted and never offered: whoever knows the server by it takes it for another one.
            """,
        example="""
            data:
              - secretKey: ssh_host_ed25519
            """,
        fix="end the name with _key.",
    ),
    rule.outside(
        "secret/key-missing",
        "A key of a Secret is asked for that it does not have",
        rationale="""
            The kubelet starts no container whose key is missing, and controllers fail on it.
            Nothing is said of Secrets that may have more keys than are known, such as those fetched
            whole from a vault.
            """,
        example="secretKeyRef: {name: database, key: passwrod}",
        fix="correct the key, or add it where the Secret is made.",
    ),
    rule.outside(
        "secret/missing",
        "A Secret is referred to that nothing creates",
        rationale="""
            The kubelet starts no container whose Secret is missing, unless the reference is
            optional, and controllers wait for it. Counted as made are what units apply, the targets
            of ExternalSecrets, Certificates and other custom resources, and what gitops.toml names
            under `outside`. Without such a list it is a warning, unless the name is nearly right; a
            name that a chart made up is a note.
            """,
        example="secretKeyRef: {name: databse, key: password}",
        fix="""
            correct the name, or create it; name it under `outside` in gitops.toml if it is made by
            hand.
            """,
    ),
    rule.whole(
        "secret/overlooked",
        "Argo CD does not look into a Secret that its settings name",
        rationale="""
            `$name:key` in argocd-cm takes only from Secrets with the label
            `app.kubernetes.io/part-of: argocd`. Of all others the text itself is used, and nobody
            can sign in.
            """,
        example="""
            # argocd-cm
            oidc.config: |
              clientSecret: $argocd-oidc:client-secret
            # the ExternalSecret argocd-oidc gives its target no labels
            """,
        fix="give the Secret the label where it is made.",
    ),
    rule.outside(
        "secret/store-missing",
        "An ExternalSecret names a store or generator that does not exist",
        rationale="""
            Its Secret is never written, and whatever needs that waits. A store left without a kind
            is a SecretStore of the same namespace.
            """,
        example="secretStoreRef: {kind: ClusterSecretStore, name: vualt}",
        fix="correct the kind or the name of the reference, or add the store.",
    ),
    rule.outside(
        "secret/store-refuses",
        "A ClusterSecretStore does not serve the namespace that asks it",
        rationale="""
            A store with conditions serves only the namespaces that one of them holds for; the
            ExternalSecret reports an error and writes nothing.
            """,
        example="""
            # ClusterSecretStore
            conditions:
              - namespaces: [databases]
            # ExternalSecret in namespace web
            """,
        fix="add the namespace to the conditions, or use another store.",
    ),
    rule.error(
        "secret/template-unreadable",
        "A template of an ExternalSecret has a name with a hyphen",
        rationale="""
            In templates of Go a name ends at a hyphen. The template cannot be read, and the Secret
            is never written.
            """,
        example="""
            data:
              token: "{{ .client-secret }}"
            """,
        fix='write `{{ index . "client-secret" }}`, or fetch it under a name without hyphens.',
    ),
    rule.whole(
        "secret/template-value",
        "A template of an ExternalSecret takes a value that is not fetched",
        rationale="""
            A template knows what `data` and `dataFrom` fetched, by their `secretKey`. A name that
            is not among them is an error, and the Secret is never written.
            """,
        example="""
            target: {template: {data: {password: "{{ .password }}"}}}
            data:
              - secretKey: pass
            """,
        fix="correct the name in the template, or the `secretKey`.",
    ),
    rule.error(
        "secret/two-producers",
        "Two objects write the same Secret",
        rationale="""
            Each undoes what the other wrote, and one that owns the Secret deletes it for both.
            """,
        example="""
            # externalsecret.yaml
            target: {name: web-tls}
            # certificate.yaml
            secretName: web-tls
            """,
        fix="""
            give each a target of its own, or let one merge into the other with creationPolicy:
            Merge.
            """,
    ),
)
