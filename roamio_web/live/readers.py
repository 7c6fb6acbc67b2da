"""The threads that read from Supabase for the open pages.

After a gap, every page wants to read at once. A few threads do it for all: the backend is spared, and so is
memory, since what a thread has once needed of it stays with the thread.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

readers = ThreadPoolExecutor(8, thread_name_prefix="live-reader")
