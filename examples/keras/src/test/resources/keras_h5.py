"""Writes the .h5 files of the tests, in the format that Keras 2 saves whole models in; needs h5py only (Debian: python3-h5py).

    python3 keras_h5.py

Weight number k of an array is sin(k + offset) / 2, rounded to float32, so that the test can compute the network's answer by itself.
Arrays are laid out as Keras has them: kernels [rows, columns, in, out], dense weights [in, out], everything channels-last.
"""
import json
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent


def weights(offset, *shape):
    return (np.sin(np.arange(np.prod(shape)) + offset) / 2).astype(np.float32).reshape(shape)


def conv(name, filters, rows, columns, **more):
    return {"class_name": "Conv2D", "config": {
        "name": name, "trainable": True, "dtype": "float32", "filters": filters, "kernel_size": [rows, columns], "strides": [1, 1],
        "padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "relu", "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None, "bias_regularizer": None,
        "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None, **more}}


def dense(name, units, activation):
    return {"class_name": "Dense", "config": {
        "name": name, "trainable": True, "dtype": "float32", "units": units, "activation": activation, "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None, "bias_regularizer": None,
        "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None}}


def flatten(name):
    return {"class_name": "Flatten", "config": {"name": name, "trainable": True, "dtype": "float32", "data_format": "channels_last"}}


def pool(name):
    return {"class_name": "GlobalAveragePooling2D",
            "config": {"name": name, "trainable": True, "dtype": "float32", "data_format": "channels_last"}}


def image(name, rows, columns, channels):
    return {"class_name": "InputLayer", "config": {
        "batch_input_shape": [None, rows, columns, channels], "dtype": "float32", "sparse": False, "ragged": False, "name": name}}


def save(file, config, arrays):
    with h5py.File(HERE / file, "w") as h5:
        h5.attrs["keras_version"] = "2.9.0"
        h5.attrs["backend"] = "tensorflow"
        h5.attrs["model_config"] = json.dumps(config)
        group = h5.create_group("model_weights")
        group.attrs["keras_version"] = "2.9.0"
        group.attrs["backend"] = "tensorflow"
        group.attrs["layer_names"] = [name.encode() for name in arrays]
        for layer, named in arrays.items():
            own = group.create_group(layer)
            own.attrs["weight_names"] = np.array([f"{layer}/{name}:0".encode() for name in named], dtype="S32")
            for name, values in named.items():
                own.create_dataset(f"{layer}/{name}:0", data=values)


# A Sequential model on 5x4 colour: a convolution, Flatten (its order shows whether channels are last), the embedding, the classes.
save("sequential.h5", {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
    image("image", 5, 4, 3), conv("conv", 2, 2, 3), flatten("flat"), dense("embedding", 3, "tanh"), dense("classes", 2, "softmax")]}}, {
    "image": {}, "conv": {"kernel": weights(1, 2, 3, 3, 2), "bias": weights(2, 2)}, "flat": {},
    "embedding": {"kernel": weights(3, 16, 3), "bias": weights(4, 3)}, "classes": {"kernel": weights(5, 3, 2), "bias": weights(6, 2)}})


def after(layer, *inputs):
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": [[[name, 0, 0, {}] for name in inputs]] if inputs else []}


# A functional model on 8x8 gray, which pools globally and embeds in what it pooled: a classifier follows that nobody needs.
save("functional.h5", {"class_name": "Functional", "config": {"name": "functional", "layers": [
    after(image("image", 8, 8, 1)), after(conv("conv", 4, 3, 3), "image"), after(pool("pool"), "conv"),
    after(dense("classes", 2, "softmax"), "pool")],
    "input_layers": [["image", 0, 0]], "output_layers": [["classes", 0, 0]]}}, {
    "image": {}, "conv": {"kernel": weights(1, 3, 3, 1, 4), "bias": weights(2, 4)}, "pool": {},
    "classes": {"kernel": weights(3, 4, 2), "bias": weights(4, 2)}})

# The same without a size of its own.
save("open.h5", {"class_name": "Functional", "config": {"name": "functional", "layers": [
    after(image("image", None, None, 1)), after(conv("conv", 4, 3, 3), "image"), after(pool("pool"), "conv"),
    after(dense("classes", 2, "softmax"), "pool")],
    "input_layers": [["image", 0, 0]], "output_layers": [["classes", 0, 0]]}}, {
    "image": {}, "conv": {"kernel": weights(1, 3, 3, 1, 4), "bias": weights(2, 4)}, "pool": {},
    "classes": {"kernel": weights(3, 4, 2), "bias": weights(4, 2)}})
