"""How Sphinx builds the user guide (`python3 dev.py guide`)."""

project = "ProjectDesk"
html_title = "ProjectDesk user guide"
extensions = ["myst_parser"]
exclude_patterns = ["locale"]
source_suffix = {".md": "markdown"}
locale_dirs = ["locale"]
gettext_compact = False
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
nitpicky = True

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_permalinks = False
# Excerpts of what is found are fetched, and browsers do not fetch files from a disk.
html_show_search_summary = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#2557d6", "color-brand-content": "#2557d6"},
    "dark_css_variables": {"color-brand-primary": "#8fb0ff", "color-brand-content": "#8fb0ff"},
}
