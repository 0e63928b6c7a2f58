"""Hides a library that tools of development bring along: with it, httpx loads another fifty modules for its own CLI."""

raise ImportError("no part of MoAI")
