"""Bytes: the messages of proto/, the strict wire walk, frames and records."""
