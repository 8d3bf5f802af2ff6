// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** {@code HintWeight{value = "relu1", weight = 0.1}}: a value inside that a teacher teaches. */
record HintWeight(String value, Float weight) {}
