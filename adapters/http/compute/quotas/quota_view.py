"""Quotas as quota sets and limits tell them, read from memory without a look at any server."""

from __future__ import annotations

from typing import TypeVar

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.microversions import NEWEST, V
from adapters.http.compute.quotas import quota_schemas as schemas
from adapters.readside.models import Models
from domain.quota import ProjectQuota
from domain.quota.quota import UserQuota
from domain.shared.resources import UNLIMITED, Amounts

T = TypeVar("T")


class Book:
    """A project's quota, or that of one user in it, for one answer. Of the project "" it is what
    a project has that has nothing of its own."""

    __slots__ = ("at", "defaults", "of", "project", "quota", "reserved", "user")

    def __init__(self, models: Models, at: V, project: str, user: str = "") -> None:
        self.at = at
        self.project = project
        self.user = user
        self.quota: ProjectQuota = models.limits.quota(project)
        self.defaults: Amounts = models.limits.defaults
        self.of: ProjectQuota | UserQuota = self.quota.user(user) if user else self.quota
        self.reserved: Amounts = models.servers.reserved(project, user or None)

    def limit(self, resource: str) -> int:
        if self.user:
            return self.quota.user_limit(self.user, resource, self.defaults)
        return self.quota.limits.get(resource, self.defaults.get(resource, UNLIMITED))


def book_of(call: Call, project: str, user: str = "") -> Book:
    return Book(call.reads.models, call.at, project, user)


def in_force(book: Book) -> dict[str, int]:
    return {name: book.limit(name) for name in _QUOTA_SET[book.at]}


def detail(book: Book) -> dict[str, dict[str, int]]:
    """What is claimed is in use or reserved: the three numbers are of different things."""
    return {name: _three(book, name) for name in _QUOTA_SET[book.at]}


def of_class(at: V, limits: Amounts) -> dict[str, int]:
    return {name: limits.get(name, UNLIMITED) for name in _QUOTA_CLASS_SET[at]}


def absolute(book: Book) -> dict[str, int]:
    told, used = _ABSOLUTE[book.at], book.quota.used
    return {name: book.limit(resource) for name, resource in told.limited} | {
        name: used.get(resource, 0) for name, resource in told.used
    }


def _three(book: Book, resource: str) -> dict[str, int]:
    reserved = book.reserved.get(resource, 0)
    in_use = book.of.used.get(resource, 0) - reserved
    return {"limit": book.limit(resource), "in_use": in_use, "reserved": reserved}


def _by_version(sets: dict[V, T]) -> dict[V, T]:
    """What holds in each microversion, looked up rather than looked for."""
    versions = [V(2, minor) for minor in range(1, NEWEST.minor + 1)]
    return {at: sets[max(since for since in sets if since <= at)] for at in versions}


_QUOTA_SET = _by_version(schemas.QUOTA_SET)
_QUOTA_CLASS_SET = _by_version(schemas.QUOTA_CLASS_SET)
_ABSOLUTE = _by_version(schemas.ABSOLUTE)
