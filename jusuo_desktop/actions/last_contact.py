"""The settings in which the last contact with the county is kept."""

from __future__ import annotations

from typing import Final

LAST_CONTACT: Final = "last_contact"
"""Setting: local time ('YYYY-MM-DDTHH:MM:SS') of the last sync that reached its end."""
LAST_OUTCOME: Final = "last_sync_outcome"
"""Setting: the last report's or failure's sentence."""
CLOCK_OFFSET: Final = "clock_offset_ms"
"""Setting: by how much this machine's clock was ahead of the county's at the last contact."""
