// SPDX-License-Identifier: Apache-2.0
/** Writes graphs as ONNX. */
package dev.etch.exporter;
