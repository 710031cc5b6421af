"""The problems' part of the Track menu: going through the queue."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import entry, menu, submenu
from hpe_studio.ui.commands import problems

PROBLEMS = menu(
    "Track",
    *submenu(
        "Problems",
        entry("next_problem", "Next problem", problems.next_problem, "N",
              icon="circle-alert", single=True, line=True,
              why="The worst that is open, its person and frame"),
        entry("previous_problem", "Previous problem", problems.previous_problem,
              "Shift+N", single=True),
        entry("problem_accept", "Accept the proposal", problems.accept, "Return",
              "Enter", icon="check", when="problem", single=True,
              why="What the first button of the selected problem says"),
        entry("problem_ignore", "Ignore the problem", problems.ignore,
              "Shift+Return", icon="eye-off", when="problem", single=True),
        entry("problem_fixed", "Mark the problem as fixed", problems.mark_fixed,
              when="problem", why="Corrected by hand"),
        entry("problem_reopen", "Reopen the problem", problems.reopen_selected,
              when="settled", why="Takes back what was decided about it"),
        entry("check_again", "Check again", problems.check_again,
              icon="refresh-cw", line=True,
              why="Looks for problems everywhere anew"),
    ),
)  # fmt: skip
