// SPDX-License-Identifier: Apache-2.0
/** Reads TensorFlow Lite models. */
package dev.etch.importer.tflite;
