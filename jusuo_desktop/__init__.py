"""The desktop client of a township judicial office (司法所): offline first, encrypted, paper-true."""
