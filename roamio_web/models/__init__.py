"""Frozen dataclasses: what a thing is, and the questions one asks of it. No Flask."""
