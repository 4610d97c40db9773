"""Three sets of colours. State is always in words too: a colour only says where to look.

Quiet by default: amber = look once, red = nothing happened, a filled block only for the curtain and the bands.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import Theme

DARK = Theme(
    name="dark",
    dark=True,
    primary="#4f8fc7",
    secondary="#5f7d95",
    accent="#86bdf0",
    foreground="#e4e7ea",
    background="#14181d",
    surface="#1d232a",
    panel="#262d36",
    success="#8fcf9f",
    warning="#f0bd4f",
    error="#ff8b80",
    variables={
        "text-muted": "#98a3ae",
        "text-accent": "#86bdf0",
        "text-warning": "#f0bd4f",
        "text-error": "#ff8b80",
        "stop-fill": "#b3261e",
        "stop-fill-text": "#ffffff",
        "look-fill": "#7a5200",
        "look-fill-text": "#ffffff",
        "curtain": "#0f2536",
        "curtain-text": "#dce8f2",
    },
)

LIGHT = Theme(
    name="light",
    dark=False,
    primary="#0b5394",
    secondary="#41607a",
    accent="#0b5394",
    foreground="#1c2126",
    background="#fbfbf8",
    surface="#eef0ee",
    panel="#e2e6e6",
    success="#1d6b35",
    warning="#855300",
    error="#a4161a",
    variables={
        "text-muted": "#555e67",
        "text-accent": "#0b5394",
        "text-warning": "#855300",
        "text-error": "#a4161a",
        "stop-fill": "#a4161a",
        "stop-fill-text": "#ffffff",
        "look-fill": "#855300",
        "look-fill-text": "#ffffff",
        "curtain": "#1d3b53",
        "curtain-text": "#eef4f8",
    },
)

HIGH_CONTRAST = Theme(
    name="high-contrast",
    dark=True,
    primary="#8fd3ff",
    secondary="#c8c8c8",
    accent="#8fe3ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#141414",
    success="#8dffa5",
    warning="#ffe14d",
    error="#ff9d96",
    variables={
        "text-muted": "#d6d6d6",
        "text-accent": "#8fe3ff",
        "text-warning": "#ffe14d",
        "text-error": "#ff9d96",
        "stop-fill": "#ff9d96",
        "stop-fill-text": "#000000",
        "look-fill": "#ffe14d",
        "look-fill-text": "#000000",
        "curtain": "#000000",
        "curtain-text": "#ffffff",
    },
)

THEMES = (DARK, LIGHT, HIGH_CONTRAST)


def wear_our_themes(app: App[Any], name: str) -> None:
    """Give an app that is being made our themes and no others, and put one on.

    What setting ``App.theme`` would do is done here by hand, but for reading every style sheet anew: none has been read
    yet (Q5).
    """
    for theme in THEMES:
        app.register_theme(theme)
    app.set_reactive(App.theme, name)
    worn = app.current_theme
    app.set_class(worn.dark, "-dark-mode", update=False)
    app.set_class(not worn.dark, "-light-mode", update=False)
    app.add_class(f"-theme-{worn.name}", update=False)
    app.stylesheet.set_variables(app.get_css_variables())
    for other in set(app.available_themes) - {theme.name for theme in THEMES}:
        app.unregister_theme(other)
