"""What Ostro reaches on this machine: programs that measure, and print what they found."""
