"""Platforms on loopback: real HTTP servers that keep a platform's contract, and break it on demand."""
