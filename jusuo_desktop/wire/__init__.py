"""What both sides agree on: messages, three-way merge, digests, limits. Pure; shared with the county server."""
