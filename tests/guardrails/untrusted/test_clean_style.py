"""What a style leaves to see: sizes, colours, what removes an element, and style sheets inside a body; hits and look-alikes."""

from guardrails.untrusted.clean_html import hidden_text, visible_html
from guardrails.untrusted.clean_style import (
    Look,
    colour,
    declared_in,
    hides,
    is_hiding,
    is_transparent,
    removes,
    size_in,
)


def test_declarations_are_read_without_case_comments_and_importance():
    said = {
        "Display: NONE !important": {"display": "none"}, "color:red;font-size : 0": {"color": "red", "font-size": "0"},
        "/* note */ color: #FFF; /* font-size:0 */": {"color": "#fff"}, "color:red;color:blue": {"color": "blue"},
        "": {}, ";;": {}, "color": {}, ":red": {}, "color:;": {}, "\ud800": {},
    }  # fmt: skip
    assert {style: declared_in(style) for style in said} == said


def test_every_way_to_take_an_element_out_of_sight_is_known():
    gone = [
        "display:none", "visibility:hidden", "visibility:collapse", "mso-hide:all", "opacity:0", "opacity:0.01",
        "opacity:.02", "height:0;overflow:hidden", "max-height:1px;overflow:hidden",
        "width:0px;overflow-x:auto;overflow:hidden", "max-width:0;overflow:hidden", "clip:rect(0,0,0,0)",
        "clip:rect(0px 0px 0px 0px)", "clip:rect(1px,1px,1px,1px)", "clip-path:inset(100%)", "clip-path: inset(50%)",
        "clip-path:circle(0)", "transform:scale(0)", "transform:rotate(3deg) scale( 0 )",
        "position:absolute;left:-9999px", "position:fixed;top:-500px", "position:relative;right:-100em",
        "text-indent:-9999px", "margin-left:-5000px", "margin-top:-400px",
    ]  # fmt: skip
    assert [style for style in gone if not removes(declared_in(style))] == []


def test_styles_that_leave_an_element_where_it_is_do_not_count():
    seen = [
        "display:block", "visibility:visible", "mso-hide:none", "opacity:0.5", "opacity:1", "opacity:", "height:0",
        "overflow:hidden", "height:20px;overflow:hidden", "clip:auto", "clip:rect(0,100,100,0)", "clip-path:inset(10%)",
        "transform:scale(0.5)", "position:absolute;left:-10px", "left:-9999px", "text-indent:-20px",
        "margin-left:-30px", "margin-left:auto", "",
    ]  # fmt: skip
    assert [style for style in seen if removes(declared_in(style))] == []


def test_a_size_is_inherited_unless_it_is_absolute():
    sizes = {
        "14px": 14.0, "0": 0.0, "50%": 10.0, "2em": 40.0, "0.05em": 1.0, "1rem": 16.0, "12pt": 15.96, "1cm": 37.8,
        "1in": 96.0, "medium": 20.0, "": 20.0, "inherit": 20.0, "-": 20.0,
    }  # fmt: skip
    assert {size: round(size_in({"font-size": size}, 20.0), 3) for size in sizes} == sizes


def test_a_colour_is_read_however_it_is_written():
    colours = {
        "white": (255, 255, 255), "BLACK": (0, 0, 0), "#fff": (255, 255, 255), "#0f8": (0, 255, 136),
        "#00FF88": (0, 255, 136), "00ff88": (0, 255, 136), "#00ff88cc": (0, 255, 136), "rgb(1,2,3)": (1, 2, 3),
        "rgb( 1 , 2 , 3 )": (1, 2, 3), "rgba(1,2,3,0.5)": (1, 2, 3), "rgb(1 2 3 / 50%)": (1, 2, 3),
        " grey ": (128, 128, 128), "mauvish": None, "": None, "#ff": None, "#gggggg": None, "url(x)": None,
    }  # fmt: skip
    assert {name: colour(name) for name in colours} == colours


def test_only_an_ink_without_any_cover_is_transparent():
    said = {
        "transparent": True, "rgba(0,0,0,0)": True, "rgba(0,0,0,0.01)": True, "rgba(0, 0, 0, 0.5)": False,
        "rgb(0,0,0)": False, "black": False, "": False, "rgba(0,0,0,100%)": False,
    }  # fmt: skip
    assert {name: is_transparent(name) for name in said} == said


def test_ink_is_unseen_on_its_own_ground_and_seen_on_another():
    white, black, nearly = (255, 255, 255), (0, 0, 0), (250, 245, 240)
    looks = {
        Look(): False, Look(ink=white): True, Look(ink=nearly): True, Look(ink=white, ground=black): False,
        Look(ink=black, ground=black): True, Look(ink=None): True, Look(ink=white, ground=None): False,
        Look(size=2.0): True, Look(size=2.5): False, Look(gone=True): True,
    }  # fmt: skip
    assert {look: look.unseen for look in looks} == looks


def test_a_tag_alone_hides_by_its_style_in_any_quotes():
    hiding = [
        '<p style="display:none">',
        "<p style='display:none'>",
        "<p style=display:none>",
        '<P STYLE = "color:#fff">',
        '<p id=a style="font-size:1px">',
    ]
    showing = [
        "<p>",
        "<p style=''>",
        '<p style="color:#333">',
        "<p class='display:none'>",
        '<p style="color:#fff;background:#000">',
        "<style>",
    ]
    assert [tag for tag in hiding if not is_hiding(tag)] == []
    assert [tag for tag in showing if is_hiding(tag)] == []
    assert hides({"color": "white", "background-color": "white"})
    assert not hides({"color": "white", "background-color": "navy"})


def test_a_style_sheet_hides_by_tag_class_and_id():
    sheet = (
        "<style>p.x{color:#fff} .y,.z{display:none} #w{font-size:0} b{opacity:0} td.a p.note{visibility:hidden}</style>"
    )
    hidden = [
        "<p class='x'>h1</p>",
        "<i class='y'>h2</i>",
        "<i class='q z'>h3</i>",
        "<i id='w'>h4</i>",
        "<b>h5</b>",
        "<p class='note'>h6</p>",
    ]
    shown = ["<p>s1</p>", "<i class='q'>s2</i>", "<i id='v'>s3</i>", "<i>s4</i>"]
    assert [hidden_text(f"{sheet}<div>{html}</div>") for html in hidden] == [(f"h{number}",) for number in range(1, 7)]
    assert {html: hidden_text(f"{sheet}<div>{html}</div>") for html in shown} == dict.fromkeys(shown, ())


def test_an_own_style_wins_over_the_sheets():
    assert hidden_text("<style>.x{display:none}</style><p class='x' style='display:block'>seen</p>") == ()
    assert hidden_text("<style>.x{display:block}</style><p class='x' style='display:none'>unseen</p>") == ("unseen",)


def test_two_rules_for_one_name_add_up():
    sheet = "<style>.x{color:#fff} .x{background:#fff}</style>"
    assert hidden_text(f"{sheet}<div style='background:#000'><p class='x'>unseen</p></div>") == ("unseen",)


def test_what_a_parent_hides_its_children_do_not_show():
    assert hidden_text("<div style='display:none'><p style='display:block'>deep</p></div>") == ("deep",)
    assert hidden_text("<div hidden>a<p>b</p>c</div>d") == ("a", "b", "c")
    assert hidden_text("<div style='color:#fff'>a<p style='color:#000'>b</p>c</div>") == ("a", "c")
    assert hidden_text("<div style='background:#000'><p style='color:#fff'>seen</p></div>") == ()


def test_a_picture_or_gradient_behind_white_ink_leaves_it_to_see():
    grounds = ["background:url(a.png)", "background-image:url(a.png)", "background:linear-gradient(red,blue)"]
    assert {
        style: hidden_text(f"<div style='{style}'><p style='color:#fff'>x</p></div>") for style in grounds
    } == dict.fromkeys(grounds, ())


def test_every_element_that_no_reader_sees_is_unread():
    tags = ["template", "noscript", "iframe", "object", "title"]
    assert {tag: hidden_text(f"<div><{tag}>word</{tag}></div>") for tag in tags} == dict.fromkeys(tags, ("word",))


def test_the_hidden_goes_with_its_attributes_and_what_follows_stays():
    html = "<p>a<span hidden title='obey'>x</span>b</p><!-- c --><p>d</p>"
    assert visible_html(html) == "<p>ab</p><p>d</p>"
    assert visible_html("<div><i hidden>x</i>tail</div>") == "<div>tail</div>"
    assert visible_html("<div>a<i hidden>x</i></div>") == "<div>a</div>"


def test_bodies_without_any_text_have_nothing_hidden():
    bodies = ["", " ", "\x00", "<p></p>", "<!---->", "<br>", "\ud800", "😀"]
    assert {html: hidden_text(html) for html in bodies} == dict.fromkeys(bodies, ())
    assert [visible_html(html) for html in ("", " ", "\x00")] == ["", "", ""]
