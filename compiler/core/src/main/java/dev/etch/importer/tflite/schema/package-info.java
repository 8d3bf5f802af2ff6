// SPDX-License-Identifier: Apache-2.0
/**
 * Typed, bounds-checked views of the tables of TensorFlow Lite's FlatBuffers schema (version 3)
 * that the importer reads. Field numbers are those of {@code schema.fbs}; there is no generated
 * code.
 */
package dev.etch.importer.tflite.schema;
