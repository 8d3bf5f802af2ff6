// SPDX-License-Identifier: Apache-2.0
/** The ONNX importer: file, graph structure and order; one reader per operator below it. */
package dev.etch.importer.onnx;
