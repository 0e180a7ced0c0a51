"""How Sphinx makes the site of the course; ``site/pages.py`` writes what it reads."""

import sys
from pathlib import Path
from urllib.parse import quote

from numpydoc.xref import DEFAULT_LINKS

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import pages  # noqa: E402

from clusterlab import __version__  # noqa: E402

project = "clusterlab"
author = "The clusterlab developers"
copyright = f"{author}; BSD-3-Clause"
version = release = __version__
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
]

# --- notebooks: they come run; links in them lead to headings as Jupyter names them
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # else two scripts from elsewhere
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath"]
myst_dmath_allow_labels = False
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # code with three dots for the rest
myst_heading_slug_func = "pages.anchor"

# --- the reference: a signature holds names and defaults, the docstring tells the types
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
DEFAULT_LINKS.clear()  # they lead to the manuals of Python and numpy, elsewhere
numpydoc_xref_ignore = "all"
add_module_names = False
toc_object_entries_show_parents = "hide"

# --- how it looks
html_theme = "sphinx_book_theme"
html_title = "clusterlab"
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "show_toc_level": 2,
    "toc_title": "On this page",
    "search_bar_text": "Search",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
templates_path = ["templates"]
html_css_files = ["pages.css"]
html_js_files = [("pages.js", {"defer": "defer"})]
html_show_search_summary = False  # would be fetched, which a page opened from a file may not
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_domain_indices = False
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}


def setup(app):
    """Let pages with widgets load what makes them live; what is folded is called what it says."""
    app.connect("html-page-context", _enliven)
    app.connect("html-page-context", _named)


def _named(app, pagename, templatename, context, doctree):
    # the reader of notebooks gives every fold the same name, which hides the words that are seen
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")


def _enliven(app, pagename, templatename, context, doctree):
    if "clusterlab-live" in context.get("body", ""):
        up = "../" * pagename.count("/")
        notebook = f"{pagename.replace('index', pages.START)}.ipynb"
        told = {"run": f"{up}{pages.LITE}{quote(notebook)}", "alone": f"{up}embed/"}
        for name, address in told.items():
            context["metatags"] += f'<meta name="clusterlab-{name}" content="{address}">\n'
        app.add_css_file("clusterlab.css")
        app.add_js_file("clusterlab.js", loading_method="defer")
