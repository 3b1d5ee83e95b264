"""Primitives of spec/overview.md, each a thin function over an established library."""
