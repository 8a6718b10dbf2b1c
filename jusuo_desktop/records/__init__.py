"""What the office keeps: one file per trade term with its fields, workflow and rules. Pure: no clock, disk, network or Qt."""
