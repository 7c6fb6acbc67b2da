"""The part of PostgREST that Supabase's clients speak.

A request is read (``request``), planned against what the database has (``catalog``, ``plan``), written as
one SQL statement (``read_sql``, ``write_sql``, ``call_sql``), run as the role that its token names
(``transaction``) and answered (``answers``). Postgres decides what the role may do; this package never does.
"""

from roamio_web.embedded.rest.app import create_rest

__all__ = ("create_rest",)
