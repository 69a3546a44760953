"""Does search find what was meant, and how fast? Candor's own beside other ways, in one run."""
