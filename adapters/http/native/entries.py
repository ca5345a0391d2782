"""What the routes of flavors, images and windows share: ids, entries, pages, the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

import msgspec
from litestar.params import PathParameter

from adapters.http.gateway.dispatch import Asking, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native import paging
from adapters.texts import PLAIN, PRINTABLE_OR_EMPTY, SPEC_KEY
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.schedules.window import Window
from domain.shared.errors import NotFound
from projections.catalogue import C, CatalogueRow

EntryId = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=PLAIN)]
IdPath = Annotated[str, PathParameter(max_length=255, pattern=PLAIN, description="Its id.")]
NamePath = Annotated[str, PathParameter(max_length=255, pattern=PLAIN, description="Its name.")]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=SPEC_KEY)]
_Value = Annotated[str, msgspec.Meta(max_length=255, pattern=PRINTABLE_OR_EMPTY)]
_MOST = 128
Entries = Annotated[dict[_Key, _Value], msgspec.Meta(max_length=_MOST)]
"""Extra specs of a flavor, properties of an image."""
EntryChanges = Annotated[dict[_Key, _Value | None], msgspec.Meta(max_length=_MOST)]
"""Entries that are not named stay, and those that are null go (as RFC 7396)."""

T = TypeVar("T")


def given(value: T | msgspec.UnsetType) -> T | None:
    """A field of a PATCH; None where it was not named."""
    return None if value is msgspec.UNSET else value


def found(reads: Reads, kind: type[C], id: str) -> CatalogueRow[C]:
    """The thing of the catalogue with this id. Raises NotFound."""
    if (row := reads.models.catalogue.get(kind, id)) is None:
        raise NotFound(what=kind.category, id=id)
    return row


def after_cursor(
    rows: Sequence[CatalogueRow[C]], limit: int, cursor: str | None
) -> list[CatalogueRow[C]]:
    """The rows of a page, and one more if there are more. Raises BodyInvalid."""
    after = paging.text_of(cursor)
    return [row for row in rows if row.id > after][: limit + 1]


def deletion(
    request: Asking, kind: type[Flavor | Image | Window], id: str, why: str
) -> DeleteFromCatalogue:
    """Refused with NotFound, or StaleVersion."""
    return DeleteFromCatalogue(kind=kind, id=id, expected=expected_version(request), reason=why)
