"""Alike questions of the cases are merged, and not one wrong pair is."""

import asyncio

from agent.alike import alike
from evals.alike import meanings, pairs, questions, understood


def test_no_two_questions_are_merged_that_ask_other_things() -> None:
    asked = questions()[::2]  # a half: python -m evals.alike measures all

    async def go() -> None:
        async with meanings(embedded=False) as known:
            found = await understood(asked, known)
        same, near, far = pairs(asked)
        wrong = [pair for pair in near + far if alike(found[pair[0]], found[pair[1]])]
        assert [[asked[place].text for place in pair] for pair in wrong] == []
        merged = sum(alike(found[one], found[other]) for one, other in same)
        assert merged >= len(same) // 4

    asyncio.run(go())
