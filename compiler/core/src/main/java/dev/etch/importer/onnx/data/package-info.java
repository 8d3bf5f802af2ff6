// SPDX-License-Identifier: Apache-2.0
/** Constant data of an ONNX model: element types, tensors, sparse tensors, external files. */
package dev.etch.importer.onnx.data;
