// SPDX-License-Identifier: Apache-2.0
/** One reader for each TensorFlow Lite operator. */
package dev.etch.importer.tflite.operator;
