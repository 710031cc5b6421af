"""What a script sees; ``import hpe_studio as hs`` leads here, each name on use."""

from hpe_studio.api.project import AnyPath, Motion, Person, Project

__all__ = ["AnyPath", "Motion", "Person", "Project"]
