"""A computation graph as text, Mermaid and pictures."""
