"""The rows of the table, by where the network does what it does."""
