"""The quota of a project: its events, its state, and the rules of claiming from it."""

from domain.quota.events import (
    ParentChanged,
    QuotaChanged,
    QuotaClaimed,
    QuotaEvent,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
    UserQuotaChanged,
)
from domain.quota.path import Node, QuotaPath
from domain.quota.quota import ProjectQuota, UserQuota

from domain.quota import claims, limiting, tree  # isort: skip

__all__ = [
    "Node",
    "ParentChanged",
    "ProjectQuota",
    "QuotaChanged",
    "QuotaClaimed",
    "QuotaEvent",
    "QuotaPath",
    "QuotaReleased",
    "SharedClaimed",
    "SharedQuotaChanged",
    "SharedReleased",
    "UserQuota",
    "UserQuotaChanged",
    "claims",
    "limiting",
    "tree",
]
