"""The reference programs of the sync, in steps: each waits for a line on standard input and prints one JSON line when the step is done."""
