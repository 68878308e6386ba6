"""The only room that knows the openai client: a server makes the answers that a model makes."""
