"""The light rig: three lights that move with the eye, one from above."""

from __future__ import annotations

from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer

_CAMERA_LIGHTS = (
    ((-0.55, 0.9, 0.9), 1.0, (1.0, 0.97, 0.93)),
    ((0.95, 0.1, 0.5), 0.42, (0.82, 0.90, 1.0)),
    ((0.25, 0.85, -1.0), 0.55, (0.9, 0.95, 1.0)),
)
_SKY_INTENSITY = 0.18
STRENGTH = {"dark": 1.0, "light": 1.12, "contrast": 1.05}


def set_lights(renderer: vtkRenderer, *, strength: float) -> None:
    """Replaces a renderer's lights by key, fill, rim and sky.

    The first three are tied to the eye, so that bodies never go dark while orbiting.
    """
    renderer.AutomaticLightCreationOff()
    renderer.RemoveAllLights()
    for position, intensity, colour in _CAMERA_LIGHTS:
        light = vtkLight()
        light.SetLightTypeToCameraLight()
        light.SetPosition(*position)
        light.SetFocalPoint(0, 0, 0)
        light.SetIntensity(intensity * strength)
        light.SetColor(*colour)
        renderer.AddLight(light)
    sky = vtkLight()
    sky.SetLightTypeToSceneLight()
    sky.SetPosition(0, 8, 0)
    sky.SetFocalPoint(0, 0, 0)
    sky.SetIntensity(_SKY_INTENSITY * strength)
    renderer.AddLight(sky)
