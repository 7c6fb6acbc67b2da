"""The demo accounts of ``supabase/seed.sql``, whose password everybody knows; production refuses them."""

from __future__ import annotations

DEMO_PASSWORD = "roamio-demo"  # noqa: S105 - printed for everybody to use
DEMO_ACCOUNTS = {
    "admin@roamio.example": "admin: everything",
    "operations@roamio.example": "operations: the bookings assigned to them",
    "operations2@roamio.example": "operations: a second agent",
    "finance@roamio.example": "finance: every booking, no client",
    "viewer@roamio.example": "viewer: counts only",
}
"""What each of them may do, by address."""
