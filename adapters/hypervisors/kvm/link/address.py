"""Where a host is reached, by us and by a server that moves to it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

_MIGRATE_URI = "migrate_uri"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """``migrate_uri`` is libvirt's own word, as ``tcp://10.0.0.7``; None: the host's own name."""

    uri: str
    migrate_uri: str | None = None


def address(uri: str) -> Address:
    """A libvirt URI may carry ``migrate_uri=`` in its query, which libvirt does not get to see."""
    parts = urlsplit(uri)
    query = parse_qsl(parts.query, keep_blank_values=True)
    found = dict(query).get(_MIGRATE_URI)
    if found is None:
        return Address(uri=uri)
    rest = urlencode([pair for pair in query if pair[0] != _MIGRATE_URI], safe="/")

    left = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return Address(uri=f"{left}?{rest}" if rest else left, migrate_uri=found)
