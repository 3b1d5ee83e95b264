"""ZKCP/1 adapter of the Python implementation: conformance/zkcp.md."""
