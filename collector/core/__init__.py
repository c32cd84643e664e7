"""What the collector decides: pure, no socket, clock, file, randomness or log."""
