"""Making answers: the model, and the queue of what is to be answered."""
