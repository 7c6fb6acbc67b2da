"""Server-sent events as text."""

from __future__ import annotations


def sse(data: str = "", event: str = "", message_id: str = "", retry: int = 0) -> str:
    """One event. Data without a name is HTML that the page swaps in; ``retry`` is in milliseconds."""
    lines = [f"retry: {retry}"] if retry else []
    if message_id:
        lines.append(f"id: {message_id}")
    if event:
        lines.append(f"event: {event}")
    lines += [f"data: {line}" for line in data.splitlines() or [""]]
    return "\n".join(lines) + "\n\n"
