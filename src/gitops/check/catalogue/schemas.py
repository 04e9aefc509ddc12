"""Rules about what the API server takes."""

from gitops.check import rule

_ALL = """
            The API server refuses the object, and Flux then applies nothing of the Kustomization or
            release that holds it.
            """

RULES = (
    rule.whole(
        "schema/choice",
        "An object has none, or more than one, of fields of which it needs one",
        rationale="""
            The schema lets it pass, and the webhook of its controller refuses it. A field whose
            value is missing is not there: `selfSigned:` is nothing, `selfSigned: {}` is an issuer.
            """,
        example="""
            # Issuer
            spec: {selfSigned: }
            """,
        fix="set one of them, with a value.",
    ),
    rule.warning(
        "schema/policy-field",
        "An admission policy looks at a field that no kind has that it is for",
        rationale="""
            The API server takes the policy and notes the mistake in its status. `has()` of such a
            field is never true, so that the rule lets everything pass, or nothing.
            """,
        example="""
            resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [services]}]
            validations:
              - expression: "!has(object.spec.externalIP)" # it is externalIPs
            """,
        fix="correct the name of the field.",
    ),
    rule.error(
        "schema/type",
        "A value has another type than its field",
        rationale=_ALL,
        example='spec:\n  replicas: "3"',
        fix="write it as the type that the message names.",
    ),
    rule.error(
        "schema/unknown-field",
        "A field does not exist",
        rationale="""
            Server-side apply, which Flux uses, refuses what the schema does not declare; where
            fields are only pruned, the setting would silently not be there.
            """,
        example="spec:\n  replica: 3",
        fix="correct the name or its place; the message tells of a field that is nearly the same.",
    ),
    rule.error(
        "schema/required",
        "A field that has to be there is missing",
        rationale=_ALL,
        example="kind: Deployment\nspec:\n  replicas: 3",
        fix="add it.",
    ),
    rule.error(
        "schema/enum",
        "A value is none of those allowed",
        rationale=_ALL,
        example="spec:\n  acme:\n    privateKeySecretRef: {name: a}\n    dns01: {strategy: Fast}",
        fix="use one of the values that the message lists.",
    ),
    rule.error(
        "schema/value",
        "A value does not have the form of its field",
        rationale=_ALL,
        example="resources:\n  requests:\n    memory: 1GB",
        fix="keep to the range, the pattern or the format that the message names.",
    ),
    rule.error(
        "schema/duplicate",
        "Elements of a list that must differ are the same",
        rationale="""
            Server-side apply tells the elements by these keys, so it refuses the object. Helm may
            apply it otherwise, so for a release it is a warning.
            """,
        example="ports:\n  - {name: http, port: 80}\n  - {name: web, port: 80}",
        fix="remove one of them, or give it another key.",
    ),
    rule.error(
        "schema/metadata",
        "A name, label or annotation has a form that none may have",
        rationale=_ALL,
        example="metadata:\n  labels:\n    owner: the platform team",
        fix="use letters, digits, - _ and ., and put free text into annotations.",
    ),
    rule.error(
        "schema/rule",
        "A rule of a CustomResourceDefinition is broken",
        rationale="""
            The API server evaluates the rules of a definition (x-kubernetes-validations, in CEL)
            after it filled in defaults, and refuses the object with the message of the rule.
            """,
        example="kind: Alert\nspec:\n  providerRef: {name: mail}\n  eventSources: []",
        fix="do what the message of the rule says.",
    ),
    rule.error(
        "schema/conflict",
        "Fields of an object contradict each other",
        rationale="""
            The API server compares fields of its own kinds by hand: a selector with the labels of
            the template, the least with the most, one way to do something with another. It refuses
            the object, or, for the template of a StatefulSet, every pod made of it.
            """,
        example="kind: HorizontalPodAutoscaler\nspec:\n  minReplicas: 5\n  maxReplicas: 3",
        fix="change one of the fields that the message names.",
    ),
    rule.note(
        "schema/absent",
        "Objects are not checked for want of a schema",
        rationale="""
            No CustomResourceDefinition of these kinds is in the build or was imported, so nothing
            can be said of their fields. Flux's own kinds are read by the compiler and not counted.
            With --require-schemas each of them is an error.
            """,
        example="kind: Gateway\nspec:\n  gatewayClassNmae: internal",
        fix="import the definitions: gitops schemas import DIR|FILE.",
    ),
    rule.error(
        "api/removed",
        "Kubernetes does not serve this version any more",
        rationale=_ALL,
        example="apiVersion: policy/v1beta1\nkind: PodDisruptionBudget",
        fix="write the object in the version that the hint names.",
    ),
    rule.error(
        "api/unserved",
        "The definition of a kind does not serve this version",
        rationale=_ALL,
        example="apiVersion: gateway.networking.k8s.io/v1alpha1\nkind: Gateway",
        fix="write the object in a version that its definition serves.",
    ),
    rule.error(
        "api/no-such-kind",
        "A group of Kubernetes has no such kind",
        rationale=_ALL,
        example="apiVersion: policy/v1\nkind: PodDisruptionBudgets",
        fix="correct the kind or its group; the message tells of what is nearly the same.",
    ),
    rule.warning(
        "api/deprecated",
        "A version is about to go",
        rationale="It is served today; an upgrade that ends that breaks the delivery.",
        example="apiVersion: v1\nkind: Endpoints",
        fix="write the object in the version that the hint names.",
    ),
    rule.whole(
        "schema/unit",
        "A number has a unit that its program does not know",
        rationale="""
            The schema knows a text. PostgreSQL does not start with a parameter that it cannot read,
            and its units are not those of Kubernetes.
            """,
        example="""
            # Cluster of CloudNativePG
            postgresql: {parameters: {shared_buffers: 1Gi}}
            """,
        fix="use B, kB, MB, GB or TB; for time us, ms, s, min, h or d.",
    ),
)
