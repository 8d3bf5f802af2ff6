// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** {@code LayerValues{name = "fc3", values = 4}}. */
record LayerValues(String name, Integer values) {}
