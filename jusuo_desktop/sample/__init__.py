"""An invented county made from a seed: places, people, cases with stories, and ledgers as messy as offices keep them."""
