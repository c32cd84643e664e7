"""What the gateway decides, without a socket, a clock, a file or chance."""
