"""Words at 360 px: names are cut at their end, in both directions, and nothing lies over them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.staged_host import StagedHost, instant, person
from tests.e2e.page.test_accessibility import CALL, NARROW, enter
from tests.e2e.page.test_desk_access import DESKS, LINK

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(300),
]

#: How far each name reaches out of its label at the side where it begins, in pixels.
BEGINNINGS_LOST = """() => [...document.querySelectorAll(".tile-names")].map((label) => {
  const name = label.querySelector(".tile-name").getBoundingClientRect();
  return Math.max(0, label.getBoundingClientRect().left - name.left);
})"""

#: Where the letters of what stands over a tile begin, and where the hand beside them ends.
AWAY_AND_HAND = """() => {
  const tile = document.querySelector(".tile.away.raised");
  const words = document.createRange();
  words.selectNodeContents(tile.querySelector(".tile-away"));
  const hand = tile.querySelector(".tile-hand").getBoundingClientRect();
  return [words.getBoundingClientRect().left, hand.right];
}"""


async def call_of(host: StagedHost, open_page: OpenPage, locale: str) -> Page:
    """Return a call at 360 px with long names, and somebody away with a raised hand."""
    host.others = [
        person(2, "Ida Holm", "Danmarks Tekniske Universitet"),
        person(3, "João Silva", "Universidade do Porto", hand=instant(), away=True),
    ]
    page = await open_page(host.base + CALL, locale=locale, viewport=NARROW)
    await enter(page)
    await page.locator(".tile.away.raised").wait_for()
    return page


async def test_a_name_in_latin_letters_keeps_its_beginning_from_right_to_left(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await call_of(host, open_page, "ar")
    assert await page.evaluate("document.dir") == "rtl"
    lost: list[float] = await page.evaluate(BEGINNINGS_LOST)
    assert len(lost) == 3
    assert max(lost) == 0


async def test_a_raised_hand_is_beside_the_words_of_who_is_away(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await call_of(host, open_page, "de")
    words, hand = await page.evaluate(AWAY_AND_HAND)
    assert hand <= words


async def test_a_question_in_another_direction_ends_with_its_mark(
    host: StagedHost, open_page: OpenPage
) -> None:
    """Its direction is that of its own letters: else "?" stands before the first of them."""
    host.desk = DESKS["ballot"]
    page = await open_page(host.base + LINK, locale="ar", viewport=NARROW)
    title = page.get_by_role("heading", level=1)
    await title.wait_for()
    styles: dict[str, Any] = await title.evaluate(
        "(one) => ({ ...getComputedStyle(one), side: getComputedStyle(one).textAlign })"
    )
    assert (styles["unicodeBidi"], styles["side"]) == ("plaintext", "right")
    mark: list[float] = await title.evaluate(
        """(one) => {
          const words = one.firstChild, range = document.createRange();
          const box = (at) => {
            range.setStart(words, at);
            range.setEnd(words, at + 1);
            return range.getBoundingClientRect().left;
          };
          return [box(words.length - 2), box(words.length - 1)];
        }"""
    )
    assert mark[0] < mark[1]
