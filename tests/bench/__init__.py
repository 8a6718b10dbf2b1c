"""Benchmarks: each figure beside the reference that design.md §9 names, measured in the same run, quoted as a ratio. Nothing is asserted."""
