// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** {@code LayerDensity{name = "fc3", density = 0.25}}. */
record LayerDensity(String name, Double density) {}
