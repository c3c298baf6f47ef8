"""Where the desk has little room: what one needs stays inside the window, and nothing lies over anything."""

import pytest

from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.page]

SIZES = ((1360, 860, 1), (1280, 860, 2), (720, 450, 1), (844, 390, 1), (390, 844, 1), (320, 640, 1), (640, 430, 1))
"""Width and height of the window, and how much larger than usual the text is; the last is a screen at 200 %."""

TROUBLE = """() => {
  const [width, height] = [document.documentElement.clientWidth, innerHeight];
  const here = document.querySelector('.s[aria-selected=true]');
  const isAsked = !document.querySelector('#asks').hidden;
  const needed = ['.bar__progress', '#saved', isAsked ? '.asks__type' : '.tags__one'].flatMap((what) =>
    [...document.querySelectorAll(what)].map((element) => [element, element.getBoundingClientRect()]));
  needed.push([here, here.querySelector('.words').getClientRects()[0]]);
  const name = (element) => element.dataset.tag ?? element.dataset.type ?? element.id ?? element.className;
  const found = document.documentElement.scrollWidth > width ? ['it scrolls sideways'] : [];
  for (const [element, { left, top, right, bottom }] of needed) {
    if (right - left < 2 || left < 0 || top < 0 || right > width + 0.5 || bottom > height + 0.5)
      found.push(`${name(element)} is not inside the window`);
    const above = document.elementFromPoint((left + Math.min(right, left + 60)) / 2, (top + bottom) / 2);
    if (!above || !(element.contains(above) || above.contains(element))) found.push(`${name(element)} is covered`);
  }
  const side = [...document.querySelectorAll('.bar > *, .bar__middle > *, .panel__where > *, .strip, .article h1')];
  const boxes = [...needed.slice(0, -1), ...side.map((element) => [element, element.getBoundingClientRect()])].filter(
    ([element, { width }]) => width > 2 && element.checkVisibility({ visibilityProperty: true }));
  for (const [i, [one, a]] of boxes.entries())
    for (const [other, b] of boxes.slice(i + 1))
      if (!one.contains(other) && !other.contains(one) && !(one.matches('h1') || other.matches('h1')) &&
          a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        found.push(`${name(one)} and ${name(other)} overlap`);
  return found;
}"""


def trouble(page):
    """What is wrong once the page has come to rest."""
    for _ in range(500):
        if not (found := page.evaluate(TROUBLE)):
            break
        page.wait_for_timeout(20)
    return found


def test_tags_sentence_progress_and_saved_state_stay_inside_seven_windows(desk):
    desk.emulate_media(reduced_motion="reduce")
    found = {}
    for width, height, text in SIZES:
        desk.set_viewport_size({"width": width, "height": height})
        desk.evaluate("(text) => (document.documentElement.style.fontSize = `${text * 100}%`)", text)
        for key in ("Home", "End", "k", "a"):
            desk.keyboard.press(key)
            found[width, height, text, key] = trouble(desk)
        if (width, height) == (844, 390):
            found["axe"] = violations(desk)
        desk.keyboard.press("ArrowUp")

    assert {where: what for where, what in found.items() if what} == {}
