"""The eval harness: cases that a merchant can write, through the real show, scored and shown."""
