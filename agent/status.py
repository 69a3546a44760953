"""The state of a show in plain texts and numbers, for the pages, the record and the evals."""

import asyncio
from urllib.parse import quote

from agent.show import Show
from agent.slots import deadline, eye, tag
from agent.types import Fact, Language, Product


def card(product: Product, language: Language) -> dict[str, object]:
    """A product for a page: texts for the eye, or None where the catalog says nothing."""

    def text(fact: Fact | None) -> str | None:
        return eye(fact, language) if fact else None

    return {
        "sku": product.sku,
        "number": product.number,
        "title": text(product.title),
        "price": tag(product.price, language) or None,
        "list_price": text(product.list_price),
        "offer_ends": deadline(product.offer_ends, language) or None,
        "stock": text(product.stock),
        "image_url": f"/product/{quote(product.sku, safe='')}.png" if product.image else None,
    }


def stats(show: Show) -> dict[str, object]:
    """What the show looks like from inside, in plain numbers."""
    now = asyncio.get_running_loop().time()
    draws = sorted(show.air_ms) or [0.0]
    return {
        "frame": show.frame,
        "skipped": show.stats["skipped"],
        "late": show.stats["late"],
        "slates": show.stats["slates"],
        "refused": show.stats["refused"],
        "withdrawn": show.stats["withdrawn"],
        "queued": len(show.inbox),
        "unread": len(show.intake),
        "offered": show.inbox.offered,
        "picked": show.inbox.answered,
        "untold": show.inbox.untold,
        "happened": dict(show.inbox.events),
        "notice_due_s": round(show.notices.due_in(now), 1),
        "notices": show.notices.count,
        "writer_ready": show.writer.ready,
        "dropped": dict(show.inbox.losses),
        "flagged": dict(show.inbox.flags),
        "rungs": dict(show.rungs),
        "draw_ms": {
            "p50": round(draws[len(draws) // 2], 1),
            "p95": round(draws[int(len(draws) * 0.95)], 1),
        },
        "events_lost": show.hub.lost,
    }
