"""What requests about flavors may say, by microversion (as nova's schemas/flavors.py)."""

from __future__ import annotations

from adapters.http.compute.microversions import OLDEST, V
from adapters.http.compute.parameters import NON_NEGATIVE, TEXT, query
from adapters.http.compute.routes import Schemas

SORT_KEYS = (
    *("created_at", "description", "disabled", "ephemeral_gb", "flavorid", "id", "is_public"),
    *("memory_mb", "name", "root_gb", "rxtx_factor", "swap", "updated_at", "vcpu_weight", "vcpus"),
)
_LIST = {
    "limit": NON_NEGATIVE,
    "marker": TEXT,
    "is_public": TEXT,
    "minRam": TEXT,
    "minDisk": TEXT,
    "sort_key": TEXT | {"enum": list(SORT_KEYS)},
    "sort_dir": TEXT | {"enum": ["asc", "desc"]},
}
_NAMED = _LIST | {
    "name": TEXT,
    "sort_key": TEXT | {"enum": [key for key in SORT_KEYS if key != "rxtx_factor"]},
}
LIST_QUERY: Schemas = {
    OLDEST: query(_LIST),
    V(2, 75): query(_LIST, extra=False),
    V(2, 102): query(_NAMED, extra=False),
}
