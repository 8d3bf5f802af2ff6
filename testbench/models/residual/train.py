# SPDX-License-Identifier: Apache-2.0
"""Trains a small residual network on MNIST and quantizes it with TensorFlow Lite.

    pip install tensorflow==2.21.0 ai-edge-litert==2.3.0
    python train.py MNIST_FOLDER

Images are shrunk to 7x7 by the means of 4x4 pixels. Writes residual.tflite and vectors.zip beside this file.
"""
import gzip
import pathlib
import sys
import zipfile

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType

HERE = pathlib.Path(__file__).parent
FRAMES = 100


def images(file):
    data = np.frombuffer(gzip.open(file).read(), np.uint8)[16:].reshape(-1, 7, 4, 7, 4)
    return (data.mean((2, 4)) / 255).astype(np.float32)[..., None]


def labels(file):
    return np.frombuffer(gzip.open(file).read(), np.uint8)[8:].astype(np.int64)


def block(x, channels, stride):
    layers = tf.keras.layers
    y = layers.Conv2D(channels, 3, stride, 'same', activation='relu')(x)
    y = layers.Conv2D(channels, 3, 1, 'same')(y)
    if stride > 1:
        x = layers.Conv2D(channels, 1, stride)(x)
    return layers.ReLU()(layers.Add()([x, y]))


def network():
    layers = tf.keras.layers
    frame = layers.Input((7, 7, 1))
    x = layers.Conv2D(4, 3, 1, 'same', activation='relu')(frame)
    x = block(x, 4, 1)
    x = block(x, 8, 2)
    x = layers.GlobalAveragePooling2D()(x)
    return tf.keras.Model(frame, layers.Dense(10)(x))


def quantize(model, samples):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([s[None]] for s in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def frames(test):
    """400 inputs, a quarter each: uniform, smooth, extremes, images."""
    random = np.random.default_rng(1)
    uniform = random.integers(-128, 128, (FRAMES, 7, 7, 1))
    ramp = np.arange(7)
    a, b, c = random.uniform(-40, 40, (3, FRAMES, 1, 1))
    smooth = np.clip(a * ramp[:, None] + b * ramp + c, -128, 127)[..., None]
    extremes = random.choice([-128, 127], (FRAMES, 7, 7, 1))
    real = np.clip(np.round(test[:FRAMES] * 255) - 128, -128, 127)
    return np.concatenate([uniform, smooth, extremes, real]).astype(np.int8)


def run(content, data):
    it = Interpreter(model_content=content, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, num_threads=1)
    it.allocate_tensors()
    outputs = []
    for frame in data:
        it.set_tensor(it.get_input_details()[0]['index'], frame[None])
        it.invoke()
        outputs.append(it.get_tensor(it.get_output_details()[0]['index']).tobytes())
    return b''.join(outputs)


def main(mnist):
    tf.keras.utils.set_random_seed(1)
    train, test = images(mnist / 'train-images-idx3-ubyte.gz'), images(mnist / 't10k-images-idx3-ubyte.gz')
    model = network()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer='adam', loss=loss, metrics=['accuracy'])
    model.fit(train, labels(mnist / 'train-labels-idx1-ubyte.gz'), batch_size=60, epochs=4, verbose=2)
    print(model.evaluate(test, labels(mnist / 't10k-labels-idx1-ubyte.gz'), verbose=0))
    content = quantize(model, train[:400])
    (HERE / 'residual.tflite').write_bytes(content)
    data = frames(test)
    with zipfile.ZipFile(HERE / 'vectors.zip', 'w') as archive:
        for name, text in (('in.bin', data.tobytes()), ('out.bin', run(content, data))):
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
