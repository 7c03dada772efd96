"""The call page in a real browser against a staged host: places, words, and what it sends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.e2e.page.conftest import OpenPage, own_picture, place, state
from tests.e2e.page.staged_host import StagedHost, clock, instant, item, look, person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

LINK = "/r/k3jq8w2xz0#s3cret"


async def test_two_clicks_at_most_from_the_link_to_the_call(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + LINK)
    await place(page, "preview")
    assert await page.get_by_label("Your name").input_value() == "Zoë Ångström"
    await own_picture(page)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    assert host.joins == [{"token": "s3cret", "name": "Zoë Ångström", "move": False}]
    assert await host.heard("setMedia") == {
        "type": "setMedia",
        "audio": True,
        "video": True,
        "screen": False,
        "heard": 0,
    }
    offer = await host.heard("publish")
    assert sorted(offer["sources"].values()) == ["audio", "video"]
    assert offer["rebuild"] is False
    assert "a=candidate:" in offer["sdp"]
    assert "a=sendonly" in offer["sdp"]


async def test_the_token_leaves_the_address_bar_and_survives_a_reload(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + LINK)
    await place(page, "preview")
    assert "s3cret" not in page.url
    assert "s3cret" not in await page.evaluate("history.state + document.documentElement.outerHTML")
    await page.reload()
    await place(page, "preview")


@pytest.mark.full
async def test_an_early_link_waits_and_lets_in_by_itself(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.look = look(state="early", opensAt=instant(timedelta(seconds=4)))
    page = await open_page(host.base + LINK)
    await place(page, "early")
    assert await page.get_by_role("timer").is_visible()
    answer = page.get_by_role("link", name="Accept or decline")
    assert await answer.get_attribute("href") == "/d/d3skd3skd3#s3cret"
    host.look = look()
    await place(page, "preview")


async def test_waiting_in_the_lobby_then_admitted(host: StagedHost, open_page: OpenPage) -> None:
    host.lobby_first = True
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await place(page, "lobby")
    assert await page.get_by_text("Two minutes, please.").is_visible()
    assert await page.evaluate("document.activeElement.textContent") == "The chair will let you in"
    await host.admit()
    await place(page, "call")


async def test_a_guest_who_denies_camera_and_microphone_joins_and_is_told_how_to_mend_it(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page("about:blank")
    # The fake devices are always allowed by the flags: deny as the browser would.
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError'));"
        "navigator.permissions.query = () =>"
        " Promise.resolve(Object.assign(new EventTarget(), {state: 'denied'}));"
    )
    await page.goto(host.base + LINK)
    await place(page, "preview")
    await page.get_by_text("Camera and microphone are blocked.").wait_for()
    assert await page.get_by_text("click the symbol left of the address").is_visible()
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    told = await host.heard("setMedia")
    assert (told["audio"], told["video"]) == (False, False)


@pytest.mark.full
async def test_a_computer_without_a_camera_sends_sound(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page("about:blank")
    await page.add_init_script(
        """
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (wanted) => wanted.video
          ? Promise.reject(new DOMException('none', 'NotFoundError')) : real(wanted);
        """
    )
    await page.goto(host.base + LINK)
    await page.get_by_text("No camera was found.").wait_for()
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    told = await host.heard("setMedia")
    assert (told["audio"], told["video"]) == (True, False)


@pytest.mark.full
async def test_leave_and_rejoin_with_one_click_each(host: StagedHost, open_page: OpenPage) -> None:
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await page.get_by_role("button", name="Leave").click()
    await place(page, "left")
    await host.heard("leave")
    await page.get_by_role("button", name="Rejoin").click()
    await place(page, "call")
    assert len(host.joins) == 2


async def test_a_reload_in_the_call_resumes_and_rebuilds(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await host.heard("publish")
    await page.reload()
    await place(page, "call")
    assert [hello["resume"] for hello in host.hellos] == ["resume-1", "resume-1"]
    assert (await host.heard("publish"))["rebuild"] is True
    assert len(host.joins) == 1


@pytest.mark.full
async def test_a_session_the_host_forgot_starts_from_the_link(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    host.resume_refused = True
    await page.reload()
    await place(page, "preview")


async def test_a_lost_socket_says_so_and_comes_back(host: StagedHost, open_page: OpenPage) -> None:
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await host.drop()
    await page.get_by_text("The connection is lost. Trying again…").wait_for()
    await page.get_by_text("The connection is lost. Trying again…").wait_for(state="hidden")
    assert len(host.hellos) == 2
    assert (await state(page))["connected"] is True


@pytest.mark.full
async def test_a_link_in_use_elsewhere_moves_the_call_here(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.look = look(elsewhere=True)
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Move the call here").click()
    await place(page, "call")
    assert host.joins[0]["move"] is True


@pytest.mark.full
@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((404, {"code": "unknown_link", "text": "x"}), "This link is not known here."),
        ((410, {"code": "link_revoked", "text": "x"}), "This link was withdrawn."),
        ((500, {"code": "brand_new", "text": "Something the page never heard of."}), "Something"),
    ],
)
async def test_a_link_that_opens_nothing_says_what_to_do(
    host: StagedHost, open_page: OpenPage, refusal: tuple[int, dict[str, str]], words: str
) -> None:
    host.refusal = refusal
    page = await open_page(host.base + LINK)
    await page.get_by_text(words).wait_for()


@pytest.mark.full
async def test_names_are_text_whatever_they_contain(host: StagedHost, open_page: OpenPage) -> None:
    name = "<img src=x onerror=alert(1)>"
    host.others = [person(2, name, "<b>Org</b>", video=False)]
    host.clock = clock([item(1, "<script>alert(2)</script>")], "item1")
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Join").click()
    await page.locator(".tile-name", has_text=name).wait_for()
    assert await page.locator(".stage img, .stage b, .stage script").count() == 0


async def test_the_chair_lets_in_moves_on_and_ends(host: StagedHost, open_page: OpenPage) -> None:
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    host.clock = clock([item(1, "Welcome"), item(2, "Partner round")], "item1")
    page = await open_page(host.base + LINK, viewport={"width": 1280, "height": 800})
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    waiting = [person(20, "Tom", "TUM"), person(21, "Eva", "TUM"), person(22, "Ian", "TUM")]
    await host.say({"type": "lobbyChanged", "lobby": waiting})
    await page.get_by_role("button", name="Show").click()
    await page.get_by_role("button", name="Admit Tom").click()
    assert (await host.heard("admit"))["participant"] == waiting[0]["id"]
    await page.get_by_role("button", name="Refuse Eva").click()
    assert (await host.heard("refuse"))["participant"] == waiting[1]["id"]
    await page.get_by_role("button", name="Admit all").click()
    assert (await host.heard("admit"))["participant"] is None
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Agenda").click()
    await page.get_by_role("button", name="Next: Partner round").click()
    assert (await host.heard("startItem"))["item"] == "item2"
    await page.get_by_role("button", name="Pause").click()
    assert (await host.heard("startItem"))["item"] is None
    await page.get_by_role("button", name="Leave").click()
    await page.get_by_role("button", name="End for all").click()
    await page.get_by_role("dialog", name="End the meeting for all?").wait_for()
    await page.get_by_role("button", name="End for all").click()
    await host.heard("endMeeting")
    await host.say({"type": "ended", "reason": "ended", "text": ""})
    await page.get_by_role("heading", name="The meeting has ended").wait_for()


@pytest.mark.full
async def test_a_guest_sees_no_controls_of_the_chair(host: StagedHost, open_page: OpenPage) -> None:
    host.clock = clock([item(1, "Welcome"), item(2, "Partner round")], "item1")
    page = await open_page(host.base + LINK, viewport={"width": 1280, "height": 800})
    await page.get_by_role("button", name="Join").click()
    await page.locator(".agenda-title", has_text="Partner round").wait_for()
    assert await page.get_by_role("button", name="Start item").count() == 0
    assert await page.get_by_role("button", name="Next").count() == 0


@pytest.mark.full
async def test_overrun_is_in_words_for_everybody(host: StagedHost, open_page: OpenPage) -> None:
    host.clock = clock([item(1, "Welcome", elapsedSeconds=598.0, presenter="Ida Holm")], "item1")
    page = await open_page(host.base + LINK, viewport={"width": 360, "height": 740})
    await page.get_by_role("button", name="Join").click()
    await page.locator(".topbar").get_by_text("Presenter: Ida Holm").wait_for()
    await page.locator(".topbar").get_by_text(re.compile(r"\d:\d\d over")).wait_for()
    await (
        page.locator("[aria-live]")
        .get_by_text("Item 1 is over its planned time")
        .wait_for(state="attached")
    )


async def test_an_observer_sends_nothing(host: StagedHost, open_page: OpenPage) -> None:
    host.look = look(role="observer")
    host.role = "observer"
    page = await open_page(host.base + LINK)
    await page.get_by_text("You take part as an observer").wait_for()
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await host.heard("openSubscribe")
    assert await page.get_by_role("button", name="Mute").count() == 0
    said = {host.received.get_nowait()["type"] for _ in range(host.received.qsize())}
    assert said <= {"want"}, "what it looks at, and nothing of its own"


async def test_keys_work_in_the_call_and_not_in_fields(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + LINK)
    await page.get_by_label("Your name").fill("")
    await page.get_by_label("Your name").press_sequentially("Mv")
    await own_picture(page)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    assert (await host.heard("setMedia"))["audio"] is True
    await page.keyboard.press("m")
    assert (await host.heard("setMedia"))["audio"] is False
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.down(" ")
    assert (await host.heard("setMedia"))["audio"] is True
    await page.keyboard.up(" ")
    assert (await host.heard("setMedia"))["audio"] is False
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="Keyboard").wait_for()


@pytest.mark.full
async def test_embedded_starts_without_panels(host: StagedHost, open_page: OpenPage) -> None:
    link = host.base + LINK.replace("#", "?embedded=1#")
    page = await open_page(link, viewport={"width": 1280, "height": 800})
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    assert await page.get_by_role("complementary").count() == 0


async def test_nothing_is_wider_than_a_narrow_screen(host: StagedHost, open_page: OpenPage) -> None:
    host.others = [person(number, "A long name " * 4, "An organisation " * 4) for number in (2, 3)]
    host.clock = clock([item(1, "A long title " * 10)], "item1")
    page = await open_page(host.base + LINK, viewport={"width": 360, "height": 640}, locale="de-DE")
    await place(page, "preview")
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert await page.evaluate(wide) is False
    await page.get_by_role("button", name="Beitreten").click()
    await place(page, "call")
    assert await page.evaluate(wide) is False
    for button in await page.locator(".control:visible").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
