"""A parametric body in SMPL's format, as arrays that nobody changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray, read_only
from hpe_studio.core.jointmodel import JointModel, fit_length
from hpe_studio.core.skeleton import Skeleton


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SurfacePoint:
    """A named point on the surface: a weighted mean of vertices.

    Attributes:
        vertices: Indices, shape (n,).
        weights: Shares, shape (n,), sum 1.
    """

    vertices: IntArray
    weights: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SkinWeights:
    """Which joints move a vertex and how much, as compressed sparse rows.

    Attributes:
        start: Where each vertex's entries begin, shape (vertices + 1,), int32.
        joint: Joint of each entry, shape (entries,), int32.
        weight: Share of each entry, shape (entries,), float32; sums to 1 per vertex.
    """

    start: IntArray
    joint: IntArray
    weight: FloatArray

    def rows(self, vertices: IntArray) -> SkinWeights:
        """The weights of some of the vertices, in the order given."""
        counts = np.diff(self.start)[vertices]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        shift: IntArray = np.repeat(self.start[vertices] - start[:-1], counts)
        entries: IntArray = np.arange(len(shift)) + shift
        return SkinWeights(
            start=start, joint=self.joint[entries], weight=self.weight[entries]
        )

    def dense(self, joint_count: int) -> FloatArray:
        """The same as a matrix, shape (vertices, joints), float32."""
        out = np.zeros((len(self.start) - 1, joint_count), np.float32)
        out[np.repeat(np.arange(len(out)), np.diff(self.start)), self.joint] = (
            self.weight
        )
        return out


def skin_weights(dense: FloatArray) -> SkinWeights:
    """Compressed rows of a weight matrix, shape (vertices, joints)."""
    vertex, joint = np.nonzero(dense)
    counts = np.bincount(vertex, minlength=len(dense))
    return SkinWeights(
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        joint=joint.astype(np.int32),
        weight=dense[vertex, joint].astype(np.float32),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Body:
    """Mesh, skeleton, shape space and skinning weights of one body model.

    Rest pose as in SMPL: T-pose, Y up, facing +Z, the person's left at +X; metres.
    `B` shape and `E` expression coefficients, `J` joints, `V` vertices, `F` faces.

    Attributes:
        name: "open", or the stem of its file.
        faces: Triangles, shape (F, 3), int32, counter-clockwise from outside.
        v_template: Vertices at rest, shape (V, 3), float32.
        shapedirs: Their change per beta, shape (V, 3, B), float32.
        expressiondirs: Their change per expression coefficient, shape (V, 3, E).
        posedirs: Pose correctives, shape (9 (J - 1), 3 V), float32, rows as in SMPL's
            pose feature (R_1 - I, ... flattened row by row); None without any.
        weights: Which joints move which vertex.
        joint_model: Joints that depend on betas, and landmark sets.
        joints_expressiondirs_m: Change of the rest joints per expression
            coefficient, shape (J, 3, E).
        mean_pose_rad: Pose to which a file's hand poses are offsets, shape (J, 3);
            `joints_rad` everywhere in the studio has it added already (what `smplx`
            calls flat_hand_mean).
        expression_names: Names of the expression coefficients; empty if unknown.
        joint_regressor: Rest joints out of rest vertices, shape (J, V); None on a
            coarser mesh.
        points: Named surface points; empty on a coarser mesh.
    """

    name: str
    faces: IntArray
    v_template: FloatArray
    shapedirs: FloatArray
    expressiondirs: FloatArray
    posedirs: FloatArray | None
    weights: SkinWeights
    joint_model: JointModel
    joints_expressiondirs_m: FloatArray
    mean_pose_rad: FloatArray
    expression_names: tuple[str, ...] = ()
    joint_regressor: FloatArray | None = None
    points: Mapping[str, SurfacePoint] = field(default_factory=dict[str, SurfacePoint])

    @property
    def skeleton(self) -> Skeleton:
        """Joint names and parents."""
        return self.joint_model.skeleton

    @property
    def joint_count(self) -> int:
        """Number of joints (24, 52, 55 or whatever the file says)."""
        return self.skeleton.joint_count

    @property
    def vertex_count(self) -> int:
        """Number of vertices."""
        return len(self.v_template)

    @property
    def beta_count(self) -> int:
        """Number of shape coefficients."""
        return self.shapedirs.shape[2]

    @property
    def expression_count(self) -> int:
        """Number of expression coefficients."""
        return self.expressiondirs.shape[2]

    def shaped(
        self,
        betas: FloatArray,
        *,
        scale: float = 1.0,
        expression: FloatArray | None = None,
    ) -> ShapedBody:
        """This body in one person's shape; the last few shapes are remembered.

        Args:
            betas: Shape coefficients; padded with zeros or cut to the body's number.
            scale: Size over the model.
            expression: Expression coefficients; padded or cut; None is neutral.
        """
        b = fit_length(betas, self.beta_count)
        e = fit_length(
            np.zeros(0) if expression is None else expression, self.expression_count
        )
        return _shaped(self, b.tobytes(), float(scale), e.tobytes())

    def decimated(self, target_faces: int) -> Body:
        """The same body on a coarser mesh, for many people at once; remembered.

        Args:
            target_faces: Number of triangles to come down to (about).
        """
        from hpe_studio.body.decimation import decimate

        return decimate(self, target_faces)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShapedBody:
    """A body in one person's shape, at rest.

    Attributes:
        body: The body model.
        scale: Size over the model.
        vertices_m: Rest vertices before scale, shape (V, 3), float32.
        joints_m: Rest joints before scale, shape (J, 3), float64.
    """

    body: Body
    scale: float
    vertices_m: FloatArray
    joints_m: FloatArray

    @property
    def rest_joints_m(self) -> FloatArray:
        """Rest joints with scale applied, shape (J, 3)."""
        return self.scale * self.joints_m


@lru_cache(maxsize=32)
def _shaped(body: Body, betas: bytes, scale: float, expression: bytes) -> ShapedBody:
    b, e = np.frombuffer(betas), np.frombuffer(expression)
    vertices = body.v_template.astype(np.float64)
    joints = body.joint_model.rest_joints_m(b)
    if b.any():
        vertices += body.shapedirs @ b
    if e.any():
        vertices += body.expressiondirs @ e
        joints = joints + body.joints_expressiondirs_m @ e
    return ShapedBody(
        body=body,
        scale=scale,
        vertices_m=read_only(vertices.astype(np.float32)),
        joints_m=read_only(joints),
    )
