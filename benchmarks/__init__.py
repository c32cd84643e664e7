"""What things cost, beside their peers in the same run. `make bench` prints the table."""
