"""Supabase Auth's HTTP API (GoTrue), as far as staff accounts need it."""

from roamio_web.embedded.auth.app import create_auth

__all__ = ["create_auth"]
