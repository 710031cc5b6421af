"""The View menu: synchronous views, which is shown, and how many side by side."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import views

VIEWS = menu(
    "View",
    *submenu(
        "Synchronous views",
        entry("add_views", "Add synchronous views…", views.add_views,
              icon="plus", when="writable", line=True,
              why="Films of other cameras at the same time, with their calibration"),
        entry("triangulate", "Triangulate people", views.triangulate,
              icon="users", when="triangulate",
              why="Finds people in all calibrated views and joins them in space"),
        entry("views_one", "One view", partial(views.show_grid, "one"), check=True,
              line=True),
        entry("views_two", "Two views", partial(views.show_grid, "two"), check=True),
        entry("views_four", "Four views", partial(views.show_grid, "four"),
              icon="layout-grid", check=True),
        entry("views_six", "Six views", partial(views.show_grid, "six"), check=True),
        entry("views_all", "All views", partial(views.show_grid, "all"), check=True,
              why="One large, all the others as thumbnails"),
        entry("toggle_views", "One view or several", views.toggle_grid, "W",
              single=True, icon="layout-grid"),
        entry("next_view", "Next view", views.next_view, "Alt+PgDown", single=True,
              when="views", line=True),
        entry("previous_view", "Previous view", views.previous_view, "Alt+PgUp",
              single=True, when="views"),
        entry("next_view_page", "Next page of views", views.next_page,
              "Alt+Shift+PgDown", single=True, when="views"),
        entry("previous_view_page", "Previous page of views", views.previous_page,
              "Alt+Shift+PgUp", single=True, when="views"),
        entry("main_view", "Make main view", views.make_main, when="other_view",
              line=True, why="The project opens with it and is edited in it"),
        entry("rename_view", "Rename view…", views.rename_view, when="views"),
        entry("view_later", "View one frame later", partial(views.shift_view, -1),
              when="beside_view"),
        entry("view_earlier", "View one frame earlier", partial(views.shift_view, 1),
              when="beside_view"),
        entry("remove_view", "Remove view", views.remove_view, icon="trash-2",
              when="beside_view", line=True),
    ),
)  # fmt: skip
