"""The plain pages: look, playing, files, estimation."""

from __future__ import annotations

import os

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from hpe_studio.assets import data_folder
from hpe_studio.core.camera import DEFAULT_FOV_DEG
from hpe_studio.ui.dialogs.rate import rates
from hpe_studio.ui.inspector.elided import ElidedLabel
from hpe_studio.ui.preferences import defaults
from hpe_studio.ui.preferences.bound import FormPage, choice, number, switch
from hpe_studio.ui.viewport_navigation import REDUCED_MOTION
from hpe_studio.ui.words import tr

_TEXT_PERCENTS = (100, 115, 130, 150)


def look_page() -> FormPage:
    """Theme, text size, and whether views glide."""
    page = FormPage(tr("Look"))
    themes = (
        ("dark", tr("Dark")),
        ("light", tr("Light")),
        ("contrast", tr("High contrast")),
        ("system", tr("As the system")),
    )
    theme = tr("Theme")
    page.add(theme, choice("look.theme", theme, themes, "dark"))
    sizes = [(percent, f"{percent} %") for percent in _TEXT_PERCENTS]
    size = tr("Text size")
    page.add(size, choice("look.text_percent", size, sizes, 100))
    calm = switch(REDUCED_MOTION, tr("Jump instead of gliding"), default=False)
    page.add(tr("Movement"), calm, tr("Views change at once, nothing fades"))
    return page


def playing_page() -> FormPage:
    """Loop, pre-roll, rate of image folders."""
    page = FormPage(tr("Playing"))
    loop = switch(defaults.LOOP, tr("Loop when a project opens"), default=True)
    page.add("", loop)
    title = tr("Pre-roll")
    roll = number(
        defaults.PREROLL_S,
        title,
        unit="s",
        default=defaults.PREROLL_DEFAULT_S,
        bounds=(0.1, 10.0),
        decimals=1,
    )
    page.add(title, roll, tr("“Play around here” starts and ends so far away"))
    title = tr("Images play at")
    known = choice(defaults.IMAGES_FPS, title, rates(), "25")
    page.add(title, known, tr("What is offered when a folder of images is opened"))
    return page


def files_page() -> FormPage:
    """Where things lie, and how much memory decoded frames may take."""
    page = FormPage(tr("Files"))
    folder = data_folder()
    path = ElidedLabel()
    path.setText(str(folder))
    button = QPushButton(tr("Open"))
    button.setAutoDefault(False)
    button.setAccessibleName(tr("Open the data folder"))

    def show() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    button.clicked.connect(show)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(path, 1)
    row.addWidget(button)
    page.add(tr("Data folder"), holder, tr("Models, settings and recent projects"))
    title = tr("Memory for frames")
    field = number(
        defaults.CACHE_MB,
        title,
        unit="MB",
        default=defaults.CACHE_DEFAULT_MB,
        bounds=(64, 16384),
    )
    page.add(title, field, tr("Counts from the next time a clip is opened"))
    return page


def estimation_page() -> FormPage:
    """What a run starts from; its window can still say otherwise."""
    page = FormPage(tr("Estimation"))
    title = tr("Model")
    models = (("heavy", tr("Heavy: exact")), ("full", tr("Full: quicker")))
    page.add(title, choice(defaults.RUN_MODEL, title, models, "heavy"))
    title = tr("Field of view")
    fov = number(
        defaults.RUN_FOV_DEG,
        title,
        unit="°",
        default=DEFAULT_FOV_DEG,
        bounds=(5, 170),
        decimals=1,
    )
    page.add(title, fov, tr("Assumed where neither file nor person knows better"))
    title = tr("Cores")
    count = os.cpu_count() or 1
    cores = [(0, tr("All")), *((n, str(n)) for n in range(1, count + 1))]
    note = tr("The run's own window starts from all of these")
    page.add(title, choice(defaults.RUN_WORKERS, title, cores, 0), note)
    return page
