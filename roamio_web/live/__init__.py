"""Live pages: changes come from Supabase Realtime, and go to open pages as server-sent events."""
