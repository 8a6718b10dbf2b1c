"""The store as the exchange of numbers sees it: requests for blocks, numbers given back, and what the county told of the others' blocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jusuo_desktop.store import audit, number_returns
from jusuo_desktop.store.opened import OpenedStore
from jusuo_desktop.wire.messages import NumberBlock, Returned


class NumberSide(OpenedStore):
    """Blocks of numbers as they come and go."""

    def settle_request(self, series: str, request_id: str, block: tuple[int, int] | None) -> bool:
        """Takes in the county's answer to a request for a block (None: not granted), once; false when nobody waits for it."""
        with self._writing() as connection:
            return number_returns.settle_request(connection, series, request_id, block)

    def give_back(self, because: str, series: Collection[str] | None = None) -> int:
        """Closes the free numbers of some series (None: all) for this device, for good; the next contact gives them back. Returns how many."""
        with self._writing() as connection:
            count = number_returns.give_back(connection, series, because, self._clock())
            if count:
                audit.append(connection, self._clock(), self.user.id, self.device_id, "give_back", detail=f"numbers:{count}")
        return count

    def free_series(self) -> list[str]:
        """The series of which this device holds numbers that it could give back."""
        with self._reading() as connection:
            return number_returns.free_series(connection)

    def returns_to_note(self, most: int) -> list[Returned]:
        """Numbers given back of which the county has not said yet that it has noted them."""
        with self._reading() as connection:
            return number_returns.unnoted(connection, most)

    def note_returns(self, return_ids: Sequence[str]) -> None:
        """The county has answered to numbers given back."""
        with self._writing() as connection:
            number_returns.note(connection, return_ids)

    def numbers_given_back(self, series: str) -> list[number_returns.GivenBack]:
        """What this device gave back of a series."""
        with self._reading() as connection:
            return number_returns.given_back(connection, series)

    def keep_blocks_told(self, blocks: Sequence[NumberBlock], years: Collection[int]) -> None:
        """Keeps the county's list of the blocks of some years."""
        with self._writing() as connection:
            number_returns.keep_told(connection, blocks, years, self.device_id)

    def blocks_told(self, series: str) -> list[NumberBlock]:
        """The blocks of a series that the office's devices hold or held, as the county told them last."""
        with self._reading() as connection:
            return number_returns.told(connection, series)
