"""What the administrator's words do; the words themselves are declared in county_server.cli."""
