"""The whole job from an empty folder to two equal computers, done for real and left to be looked at. See `whole`."""
