"""What somebody asked the clients list for: read from an address, written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from roamio_web.models.booking_query import SEARCH_LENGTH, Cursor
from roamio_web.models.client import ClientRow


@dataclass(frozen=True)
class ClientQuery:
    """A search and a place in the list, which runs from the newest client to the oldest."""

    search: str = ""
    after: Cursor | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read an address's query; what it does not know (an old link, a typing error) is left out."""
        after = Cursor.parse(args.get("after", ""))
        return cls(
            search=" ".join(args.get("search", "").replace("\0", "").split())[:SEARCH_LENGTH],
            after=after if after and after.value else None,
        )

    def to_args(self) -> dict[str, str]:
        """The shortest address query that says the same."""
        given = {"search": self.search, "after": self.after}
        return {name: str(value) for name, value in given.items() if value}

    @property
    def first_page(self) -> Self:
        return replace(self, after=None)

    def page_after(self, row: ClientRow) -> Self:
        """The same question, from behind this row on."""
        return replace(self, after=Cursor(row.created_at, row.client.id))
