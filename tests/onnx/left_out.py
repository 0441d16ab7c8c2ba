"""The node tests of the onnx package that are left out, by name or pattern, and why."""

from __future__ import annotations

from fnmatch import fnmatchcase

LEFT_OUT: dict[str, str] = {
    "It works along the first axis, which is that of images here.": """
        argmax_default_axis_example argmax_default_axis_random concat_?d_axis_0 concat_1d_axis_negative_1
        concat_2d_axis_negative_2 concat_3d_axis_negative_3 flatten_axis0 flatten_axis[23] flatten_negative_axis[124]
        layer_normalization_*_axis0* layer_normalization_2d_axis_negative_2 layer_normalization_4d_axis_negative_4
        layer_normalization_3d_axis_negative_3_epsilon logsoftmax_axis_0 mvn_expanded* reduce_max_default_axes_keepdim*
        reduce_mean_default_axes_keepdims_* reshape_reordered_all_dims reshape_one_dim reshape_negative_extended_dims
        slice slice_neg_steps softmax_axis_0 split_*_1d_* split_*_default_axis_* split_1d_* split_zero_size_* squeeze
        transpose_default transpose_all_permutations_[2-5] unsqueeze_axis_0""",
    "It is of integers, truth values, sequences or floats of 8 bits and less; float32 is computed with here.": """
        *_int8 *_int16 *_int32 *_int64 *_uint8 *_uint16 *_uint32 *_uint64 clip_default_int8_* div_int32_trunc
        edge_pad reflect_pad wrap_pad pow_types_int* reduce_max_bool_inputs reduce_max_empty_set_bool
        identity_sequence identity_opt cast*INT* cast*FLOAT8* cast*FLOAT4*""",
    "It is of training.": "batchnorm_*_training_mode training_dropout*",
    "It has no images, or none with anything in them.": """
        constant constantofshape_float_ones constantofshape_int_zeros constantofshape_int_shape_zero
        reduce_max_empty_set reshape_allowzero_reordered slice_start_out_of_bounds""",
    "Its second operand differs from image to image; it must be a constant.": """
        prelu_example matmul_1d_1d matmul_1d_3d matmul_3d matmul_4d
        matmul_4d_1d matmul_bcast""",
    "Its kernel moves along three axes.": """
        averagepool_3d_* convtranspose_3d maxpool_3d_*""",
    "It has an attribute that is not supported: transA of Gemm, select_last_index of ArgMax.": """
        gemm_all_attributes gemm_transposeA argmax_*_select_last_index""",
    "It has an attribute of Resize that is not supported: cubic, antialias, tf_crop_and_resize, an aspect ratio.": """
        resize_*cubic* resize_*antialias resize_tf_crop_and_resize* resize_*_not_larger resize_*_not_smaller""",
    "It resizes to 2.4 columns, which ONNX Runtime and the onnx package's own evaluator take for different sizes.": """
        resize_downsample_scales_linear_align_corners""",
}
"""By reason."""

FIRST_OUTPUT = "dropout_default_mask* layer_normalization_* maxpool_with_argmax_*"
"""Tests of which the first output alone is compared, as the others are not made here."""


def matches(name: str, patterns: str) -> bool:
    """Whether a test's name is one of those."""
    return any(fnmatchcase(name, pattern) for pattern in patterns.split())


def reasons(name: str) -> list[str]:
    """Why a test is left out: none where it is not, and at most one."""
    return [reason for reason, patterns in LEFT_OUT.items() if matches(name, patterns)]
