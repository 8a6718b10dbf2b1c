"""How changes travel between this machine and the county: failures in plain words, transports, enrolment, the engine."""
