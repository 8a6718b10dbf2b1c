"""What a clerk does: one file per act, used by the window and by words alike."""
