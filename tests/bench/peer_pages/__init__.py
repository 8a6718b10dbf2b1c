"""The acceptance register as other tools make it; these scripts run in the peers' environment and know nothing of this program."""
