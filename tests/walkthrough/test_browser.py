"""How the page looks in a browser, on a desk and on a phone."""

from pathlib import Path
from typing import Any

from daskcnn import explain
from daskcnn.layers import Conv2d, Dense, Flatten, Relu
from daskcnn.network import INPUT, Layer, Network
from daskcnn.plan import Plan
from daskcnn.walkthrough import page
from tests.browsing import Visit
from tests.test_browser import HOSTILE
from tests.walkthrough.plans import letters

PHONE = {"width": 390, "height": 800}


def written(plan: Plan, folder: Path) -> Path:
    file = folder / "walk.html"
    page.write(plan, explain(plan), file)
    return file


def hostile() -> Plan:
    """A network whose layers have names that would be code."""
    names = (*HOSTILE, "</title></style><b>")
    ops = [Conv2d(4, (3, 3)), Relu(), Conv2d(4, (1, 1)), Relu(), Flatten(), Dense(6), Relu()]
    layers = [Layer(name, op, (before,)) for name, op, before in zip(names, ops, (INPUT, *names[:-1]), strict=True)]
    return Plan.of(Network(HOSTILE[0], {INPUT: (1, 9, 9)}, tuple(layers)), "height=2", images=6, workers=2)


def test_in_a_browser(browser: Any, tmp_path: Path) -> None:
    file = written(letters("channel=2,height=2"), tmp_path)
    visit = Visit(browser, file.as_uri())
    assert visit.page.title() == "letters, channel=2,height=2: workers 0 to 3, images 0–15"
    assert visit.page.locator("section").count() == 16
    assert visit.page.locator("svg[role=img]:visible").count() > 50
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "conv1"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("location.hash") == "#layer-0"
    visit.leave("explain")
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(24, 25, 27)"
    visit.page.set_viewport_size(PHONE)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visit.leave("explain-phone")
    assert visit.errors == []
    assert {url.partition("#")[0] for url in visit.requests} == {file.as_uri()}
    visit.page.close()


def test_hostile_names_are_text(browser: Any, tmp_path: Path) -> None:
    plan = hostile()
    file = written(plan, tmp_path)
    visit = Visit(browser, file.as_uri())
    assert visit.page.evaluate("window.hacked") is None
    links = [" ".join(name.split()) for name in visit.page.locator("nav a").all_inner_texts()]
    assert links == [" ".join(stage.layer.name.split()) for stage in plan.stages]
    visit.page.set_viewport_size(PHONE)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visit.leave("explain-hostile")
    assert (visit.errors, visit.requests) == ([], [file.as_uri()])
    visit.page.close()
