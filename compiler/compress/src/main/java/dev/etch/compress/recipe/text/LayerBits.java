// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** {@code LayerBits{name = "fc3", bits = 4}}. */
record LayerBits(String name, Integer bits) {}
