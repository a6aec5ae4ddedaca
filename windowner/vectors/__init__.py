"""Pretrained word vectors: read, looked up, trained, exchanged with gensim."""
