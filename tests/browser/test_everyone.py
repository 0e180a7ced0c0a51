"""The asking whether everyone can use a page sees a fault of each kind (`everyone.py`)."""

import everyone
import pytest
from lab import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not everyone.AXE.exists(), reason=everyone.NOT_HERE),
]

FINE = """<!DOCTYPE html><html lang="en"><head><title>Fine</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><style>
button, select { font: inherit } STYLE</style></head><body><main><h1>Fine</h1>
<p>Words, and a <a href="fine.html">link</a>.</p>
<label>Height <input type="range" max="9" value="3"></label> <button>Go</button>
<label>Kind <select><option>red<option>blue</select></label>
<fieldset><legend>How many?</legend><label><input type="radio" name="n"> One</label>
<label><input type="radio" name="n"> Two</label></fieldset>
<svg width="200" height="60" aria-hidden="true"><rect width="200" height="60" fill="#ffffff"/>
<text x="9" y="30" fill="#222222">drawn</text></svg>MORE</main></body></html>"""
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

#: A page with a fault of each kind, all on it at once.
STYLE = """text { fill: #cccccc } p { font-size: 15px; height: 1.5em; overflow: hidden; width: 90px }
h1 { width: 2000px; animation: on 9s infinite } @keyframes on { to { opacity: 0.9 } }
button { position: absolute; left: 40px } button:focus { outline: 3px solid #ddd }
a { transition: color 1s } a:focus { outline: none }"""
MORE = f"""<p style="color: #bbb">pale</p><button></button><p>Words <img src="{DOT}"></p>
<svg aria-hidden="true"><rect width="99" height="50" fill="#222"/>
<text x="9" y="30" style="fill: #000">dark</text></svg>
<div><div><img alt="" src="{DOT}"></div></div><a id="last" href="#">last</a>
<img alt="A dot" src="https://example.invalid/a.png"><script>
document.querySelector("[type=range]").onkeydown = (event) => event.key === "Tab";
document.querySelector("select").onfocus = () => document.querySelector("#last").focus();
gone();</script>"""
SEEN = [
    ("axe", "color-contrast"),
    ("axe", "button-name"),
    ("letters", "'drawn' in a picture has a contrast of 1.6"),
    ("letters", "'dark' in a picture has a contrast of 1.3"),
    ("pictures", "has no alt"),
    ("pictures", "no words beside it"),
    ("keys", "a link: focus cannot be seen"),
    ("keys", "button Go: its focus has a contrast of 1.4"),
    ("keys", "ArrowRight does nothing"),
    ("keys", "Tab does not come here"),
    ("room", "light: "),
    ("room", "px too wide"),
    ("room", "lies on"),
    ("room", "is cut off"),
    ("room", "p Words, and a link. does not grow"),
    ("motion", "still moves"),
    ("motion", "moves by itself"),
    ("outside", "https://example.invalid/a.png"),
    ("errors", "gone is not defined"),
]


def asked(folder, style, more):
    (folder / "page.html").write_text(FINE.replace("STYLE", style).replace("MORE", more))
    [found] = everyone.faults([(folder / "page.html").as_uri()])
    return found


def test_a_page_for_everyone_has_no_faults(tmp_path):
    assert asked(tmp_path, "", "") == set()


def test_a_fault_of_each_kind_is_seen(tmp_path):
    found = asked(tmp_path, STYLE, MORE)
    unseen = [
        (kind, words)
        for kind, words in SEEN
        if not [said for of, said in found if of == kind and words in said]
    ]
    assert unseen == []
    assert everyone.tell({"page": found}) >= len(SEEN)
