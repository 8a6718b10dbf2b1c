"""The program in words: each does one act for scripts and administrators, through the same actions as the window. No Qt."""
