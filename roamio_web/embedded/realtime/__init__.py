"""Supabase Realtime as its clients know it: broadcast, presence and ``postgres_changes`` on one websocket."""

from roamio_web.embedded.realtime.server import create_realtime

__all__ = ["create_realtime"]
