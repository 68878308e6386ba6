"""What Ostro is compared with."""
