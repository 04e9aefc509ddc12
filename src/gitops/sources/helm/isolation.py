"""Keeps Helm to itself."""

_NOWHERE = "http://127.0.0.1:9"

ISOLATED = {
    "KUBECONFIG": "/nonexistent",
    "TZ": "UTC",
    # Helm could dial out for schemas, and must not: there is never a proxy at this address.
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _NOWHERE),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}
"""What Helm's environment needs, so that results depend on nothing but the request."""
