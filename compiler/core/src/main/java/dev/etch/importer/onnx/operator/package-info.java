// SPDX-License-Identifier: Apache-2.0
/** One small reader per ONNX operator, and what they share. */
package dev.etch.importer.onnx.operator;
