// SPDX-License-Identifier: Apache-2.0
/** Element types, shapes, exact tensors and the forms in which constant data is compressed. */
package dev.etch.tensor;
