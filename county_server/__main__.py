"""`python -m county_server` is `county-server`."""

from county_server.cli import main

raise SystemExit(main())
