"""The File menu: opening, running, exporting, closing."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu
from hpe_studio.ui.commands import files, hands, sequences

FILE = menu(
    "File",
    entry("open", "Open…", files.open_file, "Ctrl+O",
          icon="folder-open", when="always"),
    entry("open_images", "Open a folder of images…", files.open_folder,
          icon="image", when="always"),
    entry("open_results", "Open results…", files.open_results,
          "Ctrl+Shift+O", icon="folder", when="always"),
    entry("sample", "Try the sample", files.open_sample,
          icon="sparkles", when="always"),
    entry("run", "Run…", files.run_estimate,
          icon="scan-face", when="run", line=True),
    entry("set_up_romp", "Set up ROMP and BEV…", files.set_up_romp,
          icon="upload", when="always"),
    entry("play_truth", "Play ground truth as animation", sequences.play_truth,
          icon="file-play", when="truth",
          why="Bodies that follow the true points, exported like any track"),
    entry("import_results", "Import results…", files.import_results,
          icon="arrow-down-to-line", when="writable",
          why="ROMP, OpenPose, AMASS, BVH: looked at before they join"),
    entry("import_folder", "Import a folder of results…", files.import_folder,
          icon="folder", when="writable"),
    entry("attach", "Attach clip…", files.attach_clip,
          icon="film", when="no_clip"),
    entry("locate", "Locate footage…", files.locate_footage,
          icon="folder-open", when="lost"),
    entry("export", "Export…", files.export, "Ctrl+E", icon="file-output"),
    entry("save_copy", "Save a copy as…", files.save_copy, "Ctrl+Shift+S"),
    entry("reopen", "Open for editing", files.open_for_editing,
          when="read_only"),
    entry("write_again", "Try again to save", files.write_again,
          when="unwritten"),
    entry("save", "All edits are kept: name a version…", hands.name_version,
          "Ctrl+S", icon="bookmark"),
    entry("close", "Close project", files.close_project, "Ctrl+W",
          line=True),
    entry("quit", "Quit", files.quit_program, "Ctrl+Q", when="always"),
)  # fmt: skip
