"""What it adds up to: ledgers and workbooks in and out, statistics."""
