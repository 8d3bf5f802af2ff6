// SPDX-License-Identifier: Apache-2.0
/** Gradients by PyTorch, through the Deep Java Library: the only package that knows of either. */
package dev.etch.compress.training.pytorch;
