"""The only room that knows llama.cpp: weights in, tokens out, behind generation/model.py."""
