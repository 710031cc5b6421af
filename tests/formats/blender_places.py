"""Run by Blender's Python: imports a BVH file and prints where its joints are.

Arguments: the file, frames as a comma list. Prints JSON.
"""

import json
import sys

import bpy

path, frames = sys.argv[1], [int(f) for f in sys.argv[2].split(",")]
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_anim.bvh(
    filepath=path,
    axis_forward="-Z",
    axis_up="Y",
    frame_start=0,
    update_scene_fps=True,
    update_scene_duration=True,
)
armature = bpy.context.object
scene = bpy.context.scene
places = {}
for frame in frames:
    scene.frame_set(frame + 1)  # Blender puts the first motion one frame after start
    places[frame] = {
        bone.name: list(armature.matrix_world @ bone.head)
        for bone in armature.pose.bones
    }
result = {
    "fps": scene.render.fps / scene.render.fps_base,
    "last": scene.frame_end,
    "places": places,
}
print("RESULT" + json.dumps(result))
