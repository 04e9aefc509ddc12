"""Rules about single sign-on."""

from gitops.check import rule

RULES = (
    rule.warning(
        "sso/client-missing",
        "An object signs people in as a client that its realm does not have",
        rationale="""
            Keycloak answers such a request with an error page: nobody gets in. The realm is the
            one that a KeycloakRealmImport of the fleet makes, found by its issuer.
            """,
        example="""
            # the realm has the client `harbor`
            issuer: https://keycloak.example.org/realms/platform
            client_id: harbour
            """,
        fix="name a client of the realm, or add it there.",
    ),
    rule.whole(
        "sso/deaf",
        "A Keycloak has no port that it may listen at",
        rationale="""
            In production Keycloak starts with a certificate, or when it is told that TLS ends
            elsewhere. With neither it ends at once.
            """,
        example="""
            kind: Keycloak
            spec:
              http:
                httpEnabled: false
            """,
        fix="set httpEnabled, or name the Secret of a certificate in tlsSecret.",
    ),
    rule.warning(
        "sso/group-missing",
        "Rights are given to a group that the realm does not have",
        rationale="""
            The API server takes groups from tokens, and writes a prefix before them. A binding for
            a group that no token can name gives nobody anything.
            """,
        example="""
            # the realm has the group `developers`, and other bindings begin with `oidc:`
            subjects:
              - kind: Group
                name: oidc:developer
            """,
        fix="name a group of the realm after the prefix that the others have.",
    ),
    rule.warning(
        "sso/redirect-elsewhere",
        "People who have signed in are sent to a name that no route has",
        rationale="""
            Keycloak sends people back only to what `redirectUris` allows. Where none of these names
            is one of the routes beside who signs them in, the request is refused, or leads nowhere.
            """,
        example="""
            # the route beside Harbor is for harbor.example.org
            clients:
              - clientId: harbor
                redirectUris:
                  - https://registry.example.org/c/oidc/callback
            """,
        fix="name the host of the route.",
    ),
)
